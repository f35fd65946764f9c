"""The answer to a review: the bytes that go back, and what log and metrics tell of it."""

from typing import Final

import msgspec
from msgspec import Struct, structs

from webhook.admission.request import REVIEW, Request
from webhook.admission.verdict import Evaluation, Status, Verdict
from webhook.policy.labels import Policy
from webhook.policy.quoting import go_quoted

ALLOWED_CODE: Final = 200
_PATCH_TYPE: Final = "JSONPatch"

_UNFIT: Final = {
    code: go_quoted(chr(code))[1:-1] for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))
}
"""What the API server drops a warning for, and what is no Unicode text, in Go's words.

A table, because a name of nothing else has tens of thousands.
"""


class Decision(Struct, frozen=True, kw_only=True):
    """What the log and the metrics tell of one review: the request, and the verdict on it.

    ``metric_resource`` is ``pod``, ``controller`` or ``namespace``; the rest is as in ``Request`` and
    ``Verdict``. Where ``exempt`` says why, the metrics count an exemption. ``would_refuse`` is the code of a
    denial that was not carried out, whose ``reason`` and ``message`` are told; 0 where there was none.
    ``mutates`` tells a decision on what to put in from one on whether to let in, and has no
    ``metric_resource``; ``mutated`` are the ids of the defaults put in. ``exceptions`` let
    something pass.
    """

    uid: str
    user: str
    namespace: str
    name: str
    operation: str
    resource: str
    subresource: str
    dry_run: bool
    allowed: bool
    code: int
    reason: str
    message: str
    warnings: tuple[str, ...]
    error: str
    exempt: str
    policy: Policy | None
    controls: tuple[str, ...]
    evaluations: tuple[Evaluation, ...]
    errors: tuple[bool, ...]
    metric_resource: str
    failure: Exception | None
    would_refuse: int = 0
    mutates: bool = False
    mutated: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    localhost_profiles: tuple[tuple[str, str], ...] = ()


class Answer(Struct, frozen=True):
    """The body of the response, and the decision in it."""

    body: bytes
    decision: Decision


class _Response(Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    uid: str
    allowed: bool
    status: Status | None = None
    audit_annotations: dict[str, str] | None = None
    warnings: tuple[str, ...] = ()
    # Bytes are written in base64.
    patch: bytes = b""
    patch_type: str = ""


class _Review(Struct, frozen=True, gc=False, rename="camel"):
    response: _Response
    api_version: str = REVIEW.api_version
    kind: str = REVIEW.kind


def answer(request: Request, verdict: Verdict, metric_resource: str, *, mutates: bool = False) -> Answer:
    """The answer that tells *verdict* on *request*."""
    status = verdict.status
    if status is not None and not status.message.isprintable():
        status = structs.replace(status, message=_fit(status.message))
    warnings = tuple([_fit(each) for each in verdict.warnings])
    annotations = verdict.annotations and {
        # Texts of ours and of the request are Unicode; those of the cluster's errors may be anything.
        key: text.encode(errors="backslashreplace").decode()
        for key, text in verdict.annotations.items()
    }
    response = _Response(
        uid=request.uid,
        allowed=status is None,
        status=status,
        audit_annotations=annotations or None,
        warnings=warnings,
        patch=verdict.patch,
        patch_type=_PATCH_TYPE if verdict.patch else "",
    )
    told = status or verdict.waived
    decision = Decision(
        uid=request.uid,
        user=request.user,
        namespace=request.namespace,
        name=request.name,
        operation=request.operation,
        resource=request.resource,
        subresource=request.subresource,
        dry_run=request.dry_run,
        allowed=status is None,
        code=status.code if status else ALLOWED_CODE,
        reason=told.reason if told else "",
        message=told.message if told else "",
        warnings=warnings,
        error=(annotations or {}).get("error", ""),
        exempt=verdict.exempt,
        policy=verdict.policy,
        controls=verdict.controls,
        evaluations=verdict.evaluations,
        # Upstream counts nothing of namespaces.
        errors=() if metric_resource == "namespace" else verdict.errors,
        metric_resource=metric_resource,
        failure=verdict.failure,
        would_refuse=verdict.waived.code if verdict.waived else 0,
        mutates=mutates,
        mutated=verdict.mutated,
        exceptions=verdict.exceptions,
        localhost_profiles=verdict.localhost_profiles,
    )
    return Answer(msgspec.json.encode(_Review(response)), decision)


def _fit(text: str) -> str:
    """*text* without control characters: they are written as Go's ``%q`` writes them."""
    if text.isprintable():
        return text
    return text.translate(_UNFIT)
