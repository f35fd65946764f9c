"""What we say of a pod, in the shape in which the oracle says it."""

from collections.abc import Sequence
from typing import Any

import msgspec

from webhook.policy.engine import evaluate
from webhook.policy.message import detail, forbidden_detail, forbidden_reasons, reason
from webhook.policy.pod import MalformedObject, decode_pod
from webhook.policy.standard import Standard


def ours(manifest: Any, standards: Sequence[Standard]) -> dict[str, Any]:  # noqa: ANN401 - also what is no pod
    """Our verdicts on a pod, or ``error`` where it is malformed."""
    try:
        pod = decode_pod(msgspec.json.encode(manifest))
    except MalformedObject as malformed:
        return {"error": str(malformed)}
    answers = []
    for standard in standards:
        findings = evaluate(pod, standard)
        answers.append(
            {
                "allowed": not findings,
                "reason": forbidden_reasons(findings),
                "detail": forbidden_detail(findings),
                "findings": [
                    {"control": each.check.id, "reason": reason(each), "detail": detail(each)}
                    for each in findings
                ],
            }
        )
    return {"verdicts": answers}


def question(manifest: Any, standards: Sequence[Standard]) -> dict[str, Any]:  # noqa: ANN401 - also what is no pod
    """The same, as a question to the oracle."""
    return {"pod": manifest, "standards": [str(each) for each in standards]}
