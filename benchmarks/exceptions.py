"""What 1,000 exceptions add to one review, from bytes to bytes."""

from datetime import date
from time import monotonic
from typing import Any

from benchmarks.samples import FAILING, PASSING, review
from benchmarks.timing import cpu_microseconds
from webhook.admission import review as answer
from webhook.config import DEFAULTS, Settings, settings_of
from webhook.manifests.namespaces import ClusterOfManifests

EXCEPTIONS = 1_000
TODAY = date(2026, 1, 1)
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


def settings_with(places: list[dict[str, Any]]) -> Settings:
    """Settings with an exception for each of *places*, none of which lets the sample pass."""
    controls = ("runAsNonRoot", "seccompProfile_restricted", "capabilities_restricted")
    written = [
        {
            "name": f"exception-{number}",
            "reason": "measured",
            "expires": "2026-12-31",
            "match": {"workloads": [{"kind": "Deployment", "name": f"other-{number}"}], **place},
            "allow": [{"control": controls[number % len(controls)]}],
        }
        for number, place in enumerate(places)
    ]
    head = {"apiVersion": "seccomp-webhook.io/v1", "kind": "Configuration"}
    settings = settings_of({**head, "exceptions": written})
    assert isinstance(settings, Settings)  # noqa: S101 - for the types alone
    return settings


def microseconds(body: bytes, settings: Settings) -> float:
    cluster = ClusterOfManifests({"shop": RESTRICTED}, {})
    return cpu_microseconds(
        lambda: answer(body, settings=settings, cluster=cluster, clock=monotonic, today=lambda: TODAY)
    )


def main() -> None:
    numbers = range(EXCEPTIONS)
    spreads: dict[str, list[dict[str, Any]]] = {
        "a namespace each": [{"namespaces": [f"team-{number}"]} for number in numbers],
        "ten of them in the namespace": [
            {"namespaces": ["shop" if number % 100 == 0 else f"team-{number}"]} for number in numbers
        ],
        "ten by the beginning of the namespace": [
            {"namespaces": ["sho*" if number % 100 == 0 else f"team-{number}-*"]} for number in numbers
        ],
        "all in the namespace": [{"namespaces": ["shop"]} for _ in numbers],
    }
    for name, sample in (("passing", PASSING), ("failing", FAILING)):
        body = review(sample)
        before = microseconds(body, DEFAULTS)
        for words, places in spreads.items():
            added = microseconds(body, settings_with(places)) - before
            print(f"{name} pod, {EXCEPTIONS:,} exceptions, {words}: {added:+.1f} us to {before:.1f} us CPU")
