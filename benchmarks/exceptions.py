"""What 1,000 exceptions add to one review, from bytes to bytes."""

from collections.abc import Callable
from datetime import date
from functools import partial
from math import inf
from time import monotonic
from typing import Any

from benchmarks.samples import FAILING, PASSING, review
from benchmarks.timing import cpu_microseconds
from webhook.admission import review as answer
from webhook.config import DEFAULTS, Settings, settings_of
from webhook.manifests.namespaces import ClusterOfManifests

EXCEPTIONS = 1_000
TURNS = 8
TODAY = date(2026, 1, 1)
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


CONTROLS = ("runAsNonRoot", "seccompProfile_restricted", "capabilities_restricted")
# Matches, with values where they are for some alone, by the number of the exception. But for those that name
# a namespace alone, none lets anything of the sample pass.
SHAPES: dict[str, Callable[[int], dict[str, Any]]] = {
    "a namespace each": lambda number: {"namespaces": [f"team-{number}"]},
    "ten in the namespace": lambda number: {"namespaces": ["shop" if number % 100 == 0 else f"t-{number}"]},
    "ten by the beginning of the namespace": lambda number: {
        "namespaces": ["sho*" if number % 100 == 0 else f"team-{number}-*"]
    },
    "workloads": lambda number: {"workloads": [{"kind": "Deployment", "name": f"other-{number}"}]},
    "workloads by their beginning": lambda number: {
        "workloads": [{"kind": "Deployment", "name": f"other-{number}-*"}]
    },
    "labels": lambda number: {"labels": {"app": f"other-{number}"}},
    "service accounts": lambda number: {"serviceAccounts": [f"other-{number}"]},
    "service accounts by their beginning": lambda number: {"serviceAccounts": [f"other-{number}-*"]},
    "containers": lambda number: {"containers": [f"other-{number}"]},
    "containers by their beginning": lambda number: {"containers": [f"other-{number}-*"]},
    "images": lambda number: {"images": [f"registry.example.com/other-{number}"]},
    "images below a path": lambda number: {"images": [f"registry.example.com/other-{number}/*"]},
    "tags of one image": lambda number: {"images": [f"registry.example.com/shop/cart:0.{number}"]},
    "images in one container": lambda number: {
        "containers": ["cart"],
        "images": [f"registry.example.com/other-{number}"],
    },
    "values": lambda number: {"values": [f"OTHER_{number}"]},
    "values in one container": lambda number: {"containers": ["cart"], "values": [f"OTHER_{number}"]},
    "all alike, and not for the pod": lambda _: {"labels": {"app": "other"}, "containers": ["cart"]},
    "all alike, and expired": lambda _: {"expires": "2025-12-31"},
}


def settings_with(shape: Callable[[int], dict[str, Any]]) -> Settings:
    """Settings with exceptions of *shape*."""
    written = []
    for number in range(EXCEPTIONS):
        match = shape(number)
        values = {"values": match.pop("values")} if "values" in match else {}
        written.append(
            {
                "name": f"exception-{number}",
                "reason": "measured",
                "expires": match.pop("expires", "2026-12-31"),
                "match": {"namespaces": ["shop"], **match},
                "allow": [{"control": CONTROLS[number % len(CONTROLS)], **values}],
            }
        )
    head = {"apiVersion": "seccomp-webhook.io/v1", "kind": "Configuration"}
    settings = settings_of({**head, "exceptions": written})
    assert isinstance(settings, Settings)  # noqa: S101 - for the types alone
    return settings


def microseconds(body: bytes, *several: Settings) -> list[float]:
    """The CPU time with each of *several* settings, measured in turns: machines are shared."""
    cluster = ClusterOfManifests({"shop": RESTRICTED}, {})
    best = [inf] * len(several)
    for _ in range(TURNS):
        for at, settings in enumerate(several):
            call = partial(
                answer, body, settings=settings, cluster=cluster, clock=monotonic, today=lambda: TODAY
            )
            best[at] = min(best[at], cpu_microseconds(call, rounds=3, seconds=0.01))
    return best


def main() -> None:
    for name, sample in (("passing", PASSING), ("failing", FAILING)):
        body = review(sample)
        for words, shape in SHAPES.items():
            before, after = microseconds(body, DEFAULTS, settings_with(shape))
            print(f"{name} pod, {EXCEPTIONS:,} by {words}: {after - before:+.1f} us to {before:.1f} us CPU")
