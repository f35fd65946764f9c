"""Judging a two-container pod at restricted:latest, beside the Go reference library where Go is present."""

import json
from typing import Any

from benchmarks.samples import FAILING, PASSING
from benchmarks.timing import cpu_microseconds
from tests.conformance.programs import HERE, Conversation, Unavailable, build
from webhook.policy.engine import evaluate
from webhook.policy.message import violates
from webhook.policy.pod import decode_pod
from webhook.policy.standard import LATEST, Level, Standard

RESTRICTED = Standard(Level.RESTRICTED, LATEST)


def judged(sample: dict[str, Any]) -> float:
    """CPU microseconds for the verdict on *sample*, with its message where it is refused."""
    pod = decode_pod(json.dumps(sample).encode())

    def judge() -> str | None:
        findings = evaluate(pod, RESTRICTED)
        return violates(RESTRICTED, findings) if findings else None

    return cpu_microseconds(judge)


def judged_by_the_reference(*samples: dict[str, Any]) -> list[float | None]:
    """Microseconds that the Go library takes for the same, or None for each where there is no Go."""
    try:
        library = Conversation(build(HERE / "oracle"), "timing")
    except Unavailable as reason:
        print(f"without the Go library: {reason}")
        return [None] * len(samples)
    answers = library.ask([{"pod": sample, "standard": str(RESTRICTED)} for sample in samples])
    library.close()
    return [answer["microseconds"] for answer in answers]


def main() -> None:
    samples = {"passing": PASSING, "failing": FAILING}
    references = judged_by_the_reference(*samples.values())
    for (name, sample), reference in zip(samples.items(), references, strict=True):
        ours = judged(sample)
        beside = f"   Go library {reference:5.1f} us, ratio {ours / reference:.1f}" if reference else ""
        print(f"{name} pod: {ours:5.1f} us CPU{beside}")
