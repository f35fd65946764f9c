"""Defaults put into new objects: the bytes of a review in, the bytes of an answer with a JSON Patch out.

Convenience, not a gate: whatever goes wrong here lets the object through as it came, with an audit
annotation, and the validating webhook judges what a pod is then.
Source: Kubernetes documentation, "Dynamic Admission Control" and "Admission Webhook Good Practices".
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import msgspec

from webhook.admission.answers import Answer, answer
from webhook.admission.cluster import Cluster, LookupFailed, MustWait, NamespaceNotFound, end_of_lookup
from webhook.admission.evaluation import LONGEST_ANNOTATION, cut, exempted, exemption
from webhook.admission.node_affinity import with_node_affinity
from webhook.admission.objects import Undecodable, pod_in, service_account_in
from webhook.admission.request import Request, decode_review
from webhook.admission.rules import Rules
from webhook.admission.verdict import ALLOWED, Verdict
from webhook.config import Settings
from webhook.mutation import NOTHING, Filled, Outcome, Relief, fill_in, operations
from webhook.mutation.choice import IGNORED, is_declined, is_ignored
from webhook.mutation.defaults import automount_service_account_token as automount
from webhook.policy.labels import policy_of
from webhook.policy.path import dotted
from webhook.policy.pod import MalformedObject, Pod
from webhook.policy.quoting import go_quoted
from webhook.policy.relief import Subject, told

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
    today: Callable[[], date] | None = None,
) -> Answer:
    """The answer to the AdmissionReview that *body* is, due at *deadline* on the clock of *cluster*.

    *today* is the day in UTC; where nobody tells it, no exception holds.

    Raises NotAReview, and MustWait where *cluster* does. Nothing else, and it denies nothing.
    """
    request = decode_review(body)
    try:
        rules, labels = Rules(settings, today), _labels(request, cluster, deadline)
        verdict = _verdict(request, rules, labels)
        if settings.localhost_profiles.add_node_affinity:
            verdict = with_node_affinity(verdict, request, settings, labels, cluster)
    except MustWait:
        raise
    except Exception as error:  # noqa: BLE001 - a defect of ours must not keep a pod from being judged
        said = f"mutation failed; the webhook's log has the reason beside the uid {go_quoted(request.uid)}"
        verdict = Verdict(annotations={"error": said}, failure=error)
    return answer(request, verdict, "", mutates=True)


def _labels(request: Request, cluster: Cluster, deadline: float | None) -> Labels:
    # Most requests are decided without them.
    return lambda: cluster.labels_of(request.namespace, end_of_lookup(deadline))


def _verdict(request: Request, rules: Rules, labels: Labels) -> Verdict:
    decide = _DECIDERS.get((request.group, request.resource, request.operation, request.subresource))
    if decide is None:
        return ALLOWED
    if why := exemption(request, rules.settings.exemptions):
        return exempted(why)
    try:
        return decide(request, rules, labels)
    except (Undecodable, MalformedObject) as error:
        return _passed_over(f"failed to decode object: {error}")
    except (NamespaceNotFound, LookupFailed) as error:
        return _passed_over(f"failed to lookup namespace {go_quoted(request.namespace)}: {error}")


def _new_pod(request: Request, rules: Rules, labels: Labels) -> Verdict:
    return _filled_in(
        Subject.of_pod(pod_in(request.object, request.kind), request.namespace), None, rules, labels
    )


def _new_ephemeral_containers(request: Request, rules: Rules, labels: Labels) -> Verdict:
    old = pod_in(request.old_object, request.kind)
    return _filled_in(
        Subject.of_pod(pod_in(request.object, request.kind), request.namespace), old, rules, labels
    )


def _filled_in(subject: Subject, old: Pod | None, rules: Rules, labels: Labels) -> Verdict:
    pod = subject.pod
    if rules.settings.exemptions.cover_runtime_class(pod.spec.runtime_class_name):
        return exempted("runtimeClass")
    if len(pod.contexts) > MOST_CONTAINERS:
        return _passed_over(f"nothing is put into pods of more than {MOST_CONTAINERS:,} containers")
    outcome = fill_in(pod, rules.settings.mutation, old, _relief(subject, rules, labels))
    if outcome == NOTHING:
        # The wishes of the namespace make no difference.
        return ALLOWED
    namespace, own = labels(), pod.metadata.labels or {}
    if is_declined(namespace, own):
        return ALLOWED
    return _mutated(pod, outcome, (IGNORED,) if is_ignored(namespace, own) else ())


def _relief(subject: Subject, rules: Rules, labels: Labels) -> Relief | None:
    """How exceptions act on *subject*; None, without a look at its namespace, where there are none."""
    relieve = rules.relief_of(subject)
    if relieve is None:
        return None
    policy, _ = policy_of(labels(), rules.settings.defaults)
    return Relief(relieve, policy.enforce, rules.settings.selection_in(subject.namespace))


def _new_service_account(request: Request, rules: Rules, labels: Labels) -> Verdict:
    if automount.ID not in rules.settings.mutation.on:
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


_DECIDERS: Final[Mapping[tuple[str, str, str, str], Callable[[Request, Rules, Labels], Verdict]]] = {
    ("", "pods", "CREATE", ""): _new_pod,
    ("", "pods", "UPDATE", "ephemeralcontainers"): _new_ephemeral_containers,
    ("", "serviceaccounts", "CREATE", ""): _new_service_account,
}
"""Group, resource, operation and subresource of the requests in which anything is put."""


def _mutated(pod: Pod, outcome: Outcome, more: tuple[str, ...]) -> Verdict:
    annotations = {"mutated": _told(pod, outcome.filled)} if outcome.filled else {}
    if outcome.uses:
        annotations["exception"] = cut(told(outcome.uses), LONGEST_ANNOTATION)
    return Verdict(
        annotations=annotations,
        warnings=(*outcome.warnings, *more),
        patch=msgspec.json.encode(operations(pod, outcome.puts)) if outcome.filled else b"",
        mutated=tuple([each.default.id for each in outcome.filled]),
        exceptions=tuple(dict.fromkeys(each.exception for each in outcome.uses)),
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
