"""One review from bytes to bytes, judged and filled in, and the re-check of a namespace of 3,000 pods."""

import json
from time import monotonic

import msgspec

from benchmarks.samples import FAILING, PASSING, pod, review
from benchmarks.timing import cpu_microseconds
from webhook.admission import mutate
from webhook.admission import review as answer
from webhook.admission.objects import POD, pod_in
from webhook.admission.request import decode_review
from webhook.config import DEFAULTS
from webhook.manifests.namespaces import ClusterOfManifests
from webhook.mutation import RESTRICTED as RESTRICTED_DEFAULTS
from webhook.policy.pod import Pod, decode_pod

PODS = 3_000
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


def typed(body: bytes) -> Pod:
    """The pod in the review *body*, as typed values."""
    request = decode_review(body)
    return pod_in(request.object, POD)


def tightened() -> bytes:
    """The review of a namespace that begins to enforce the restricted level."""
    old = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    asked = msgspec.json.decode(review(PASSING))
    asked["request"] |= {
        "kind": {"group": "", "version": "v1", "kind": "Namespace"},
        "resource": {"group": "", "version": "v1", "resource": "namespaces"},
        "operation": "UPDATE",
        "object": {**old, "metadata": {"name": "shop", "labels": RESTRICTED}},
        "oldObject": old,
    }
    return msgspec.json.encode(asked)


def milliseconds_of_recheck(security: dict[str, object] | None) -> float:
    """CPU milliseconds for the re-check of a namespace full of pods with that security context."""
    crowd = [decode_pod(json.dumps(pod(security)).encode()) for _ in range(PODS)]
    cluster = ClusterOfManifests({"shop": {}}, {"shop": crowd})
    body = tightened()
    return (
        cpu_microseconds(
            lambda: answer(body, settings=DEFAULTS, cluster=cluster, clock=monotonic), rounds=5, seconds=0.3
        )
        / 1000
    )


def main() -> None:
    cluster = ClusterOfManifests({"shop": RESTRICTED}, {})
    for name, sample in (("passing", PASSING), ("failing", FAILING)):
        body = review(sample)
        decoded = cpu_microseconds(lambda body=body: typed(body))
        whole = cpu_microseconds(
            lambda body=body: answer(body, settings=DEFAULTS, cluster=cluster, clock=monotonic)
        )
        print(f"{name} pod, {len(body):,} bytes: typed in {decoded:.1f} us, answered in {whole:.1f} us CPU")
        for words, settings in (
            ("the default", DEFAULTS),
            ("all of restricted", DEFAULTS._replace(mutation=RESTRICTED_DEFAULTS)),
        ):
            put_in = cpu_microseconds(
                lambda body=body, settings=settings: mutate(body, settings=settings, cluster=cluster)
            )
            print(f"{name} pod: at /mutate, with {words} switched on, answered in {put_in:.1f} us CPU")
    safe = PASSING["spec"]["containers"][0]["securityContext"]
    for name, security in (("passing", safe), ("failing", None)):
        print(f"re-check of {PODS:,} {name} pods: {milliseconds_of_recheck(security):.0f} ms CPU")
