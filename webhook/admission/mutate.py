"""Defaults put into new objects: the bytes of a review in, the bytes of an answer with a JSON Patch out.

Convenience, not a gate: whatever goes wrong here lets the object through as it came, with an audit
annotation, and the validating webhook judges what a pod is then.
Source: Kubernetes documentation, "Dynamic Admission Control" and "Admission Webhook Good Practices".
"""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from webhook.admission.answers import Answer, answer
from webhook.admission.cluster import Cluster, LookupFailed, MustWait, NamespaceNotFound, end_of_lookup
from webhook.admission.evaluation import LONGEST_ANNOTATION, cut, exempted, exemption
from webhook.admission.objects import Undecodable, pod_in, service_account_in
from webhook.admission.request import Request, decode_review
from webhook.admission.verdict import ALLOWED, Verdict
from webhook.config import Settings
from webhook.mutation import Filled, Outcome, fill_in, operations
from webhook.mutation.choice import IGNORED, is_declined, is_ignored
from webhook.mutation.defaults import automount_service_account_token as automount
from webhook.policy.path import dotted
from webhook.policy.pod import MalformedObject, Pod
from webhook.policy.quoting import go_quoted

MOST_CONTAINERS: Final = 1024
"""Of a pod that something is put into: no node runs more, and a patch for each makes answers of megabytes."""


Labels = Callable[[], Mapping[str, str]]
"""The labels of a request's namespace, as far as they are needed. Raises as ``Cluster.labels_of``."""


def mutate(
    body: bytes,
    *,
    settings: Settings,
    cluster: Cluster,
    deadline: float | None = None,
) -> Answer:
    """The answer to the AdmissionReview that *body* is, due at *deadline* on the clock of *cluster*.

    Raises NotAReview, and MustWait where *cluster* does. Nothing else, and it denies nothing.
    """
    request = decode_review(body)
    try:
        verdict = _verdict(request, settings, _labels(request, cluster, deadline))
    except MustWait:
        raise
    except Exception as error:  # noqa: BLE001 - a defect of ours must not keep a pod from being judged
        said = f"mutation failed; the webhook's log has the reason beside the uid {go_quoted(request.uid)}"
        verdict = Verdict(annotations={"error": said}, failure=error)
    return answer(request, verdict, "", mutates=True)


def _labels(request: Request, cluster: Cluster, deadline: float | None) -> Labels:
    # Most requests are decided without them.
    return lambda: cluster.labels_of(request.namespace, end_of_lookup(deadline))


def _verdict(request: Request, settings: Settings, labels: Labels) -> Verdict:
    decide = _DECIDERS.get((request.group, request.resource, request.operation, request.subresource))
    if decide is None:
        return ALLOWED
    if why := exemption(request, settings.exemptions):
        return exempted(why)
    try:
        return decide(request, settings, labels)
    except (Undecodable, MalformedObject) as error:
        return _passed_over(f"failed to decode object: {error}")
    except (NamespaceNotFound, LookupFailed) as error:
        return _passed_over(f"failed to lookup namespace {go_quoted(request.namespace)}: {error}")


def _new_pod(request: Request, settings: Settings, labels: Labels) -> Verdict:
    return _filled_in(pod_in(request.object, request.kind), None, settings, labels)


def _new_ephemeral_containers(request: Request, settings: Settings, labels: Labels) -> Verdict:
    old = pod_in(request.old_object, request.kind)
    return _filled_in(pod_in(request.object, request.kind), old, settings, labels)


def _filled_in(pod: Pod, old: Pod | None, settings: Settings, labels: Labels) -> Verdict:
    if settings.exemptions.cover_runtime_class(pod.spec.runtime_class_name):
        return exempted("runtimeClass")
    if len(pod.contexts) > MOST_CONTAINERS:
        return _passed_over(f"nothing is put into pods of more than {MOST_CONTAINERS:,} containers")
    outcome = fill_in(pod, settings.mutation, old)
    if not outcome.filled and not outcome.warnings:
        # The wishes of the namespace make no difference.
        return ALLOWED
    namespace, own = labels(), pod.metadata.labels or {}
    if is_declined(namespace, own):
        return ALLOWED
    return _mutated(pod, outcome, (IGNORED,) if is_ignored(namespace, own) else ())


def _new_service_account(request: Request, settings: Settings, labels: Labels) -> Verdict:
    if automount.ID not in settings.mutation.on:
        return ALLOWED
    account = service_account_in(request.object, request.kind)
    operation = automount.in_account(account.automount)
    if operation is None or is_declined(labels(), account.labels):
        return ALLOWED
    return Verdict(
        annotations={"mutated": automount.ID},
        patch=msgspec.json.encode([operation]),
        mutated=(automount.ID,),
    )


_DECIDERS: Final[Mapping[tuple[str, str, str, str], Callable[[Request, Settings, Labels], Verdict]]] = {
    ("", "pods", "CREATE", ""): _new_pod,
    ("", "pods", "UPDATE", "ephemeralcontainers"): _new_ephemeral_containers,
    ("", "serviceaccounts", "CREATE", ""): _new_service_account,
}
"""Group, resource, operation and subresource of the requests in which anything is put."""


def _mutated(pod: Pod, outcome: Outcome, more: tuple[str, ...]) -> Verdict:
    warnings = (*outcome.warnings, *more)
    if not outcome.filled:
        return Verdict(warnings=warnings)
    return Verdict(
        annotations={"mutated": _told(pod, outcome.filled)},
        warnings=warnings,
        patch=msgspec.json.encode(operations(pod, outcome.puts)),
        mutated=tuple([each.default.id for each in outcome.filled]),
    )


def _told(pod: Pod, filled: tuple[Filled, ...]) -> str:
    """What was put in where: ``seccompProfile (spec.securityContext.seccompProfile)``."""
    told = ", ".join(
        f"{default.id} ({', '.join(dotted(put.path(pod)) for put in puts)})" for default, puts in filled
    )
    return cut(told, LONGEST_ANNOTATION)


def _passed_over(why: str) -> Verdict:
    """The verdict on a pod that cannot be understood here: it is let through as it came."""
    return Verdict(annotations={"error": why}, errors=(True,))
