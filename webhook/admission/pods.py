"""Requests for pods and their subresources: the only ones that the enforced standard decides."""

from typing import Final

from webhook.admission.cluster import Cluster, LookupFailed, NamespaceNotFound, end_of_lookup
from webhook.admission.evaluation import ALLOW, Asked, evaluated, exempted, exemption
from webhook.admission.localhost import Localhost, about_pod
from webhook.admission.objects import Undecodable, pod_in
from webhook.admission.refusals import internal_error, malformed, undecodable
from webhook.admission.request import Request
from webhook.admission.rules import Rules
from webhook.admission.verdict import ALLOWED, Evaluation, Verdict
from webhook.nodes.judgment import is_concerned
from webhook.nodes.localhost_profiles import Mode
from webhook.policy.core_v1 import Container
from webhook.policy.labels import policy_of
from webhook.policy.pod import MalformedObject, Pod
from webhook.policy.quoting import go_quoted
from webhook.policy.relief import Subject
from webhook.policy.standard import PRIVILEGED, Level

# None of these can change a pod's spec. A subresource that is not known yet is evaluated.
IGNORED_SUBRESOURCES: Final = frozenset(
    {"attach", "binding", "eviction", "exec", "log", "portforward", "proxy", "status"}
)


def validate_pod(request: Request, rules: Rules, cluster: Cluster, deadline: float | None = None) -> Verdict:
    """The verdict on a request for a pod, due at *deadline*.

    Source: Kubernetes documentation, "Pod Security Admission".
    """
    if request.subresource in IGNORED_SUBRESOURCES:
        return ALLOWED
    if why := exemption(request, rules.settings.exemptions):
        return exempted(why)
    try:
        labels = cluster.labels_of(request.namespace, end_of_lookup(deadline))
    except (NamespaceNotFound, LookupFailed) as error:
        return internal_error(f"failed to lookup namespace {go_quoted(request.namespace)}", str(error))
    asked = policy, errors = policy_of(labels, rules.settings.defaults)
    localhost = Localhost.of(rules, request.namespace, labels, cluster)
    if policy.is_privileged and not errors and not rules.ask_at_privileged(request.namespace):
        allowed = Verdict(
            annotations={"enforce-policy": str(PRIVILEGED)},
            policy=policy,
            evaluations=(Evaluation(ALLOW, policy.enforce, "enforce"),),
        )
        return _beside_privileged(allowed, request, rules, localhost) if localhost.is_asked else allowed
    return _judged(request, asked, rules, localhost)


def _judged(request: Request, asked: Asked, rules: Rules, localhost: Localhost) -> Verdict:
    """The verdict on the pod in *request*, where the namespace asks for anything."""
    read = _read(request)
    if isinstance(read, Verdict):
        return read
    pod, old = read
    if old is not None and not is_significant_update(pod, old):
        return ALLOWED
    subjects = [Subject.of_pod(pod, request.namespace)]
    verdict = evaluated(request, subjects, asked, rules, enforces=True)
    if localhost.is_asked and is_concerned(pod):
        about = about_pod(asked[0].enforce.level, pod, old)
        verdict = localhost.beside(verdict, request, subjects, rules, about)
    return verdict


def _beside_privileged(allowed: Verdict, request: Request, rules: Rules, localhost: Localhost) -> Verdict:
    """*allowed*, and what there is to say of profiles of the node.

    What cannot be read is let in, as ever, unless a profile can be a reason to refuse: a pod made too large
    to be read would use any.
    """
    read = _read(request)
    if isinstance(read, Verdict):
        return read if localhost.mode is Mode.ENFORCE else allowed
    pod, old = read
    subjects = [Subject.of_pod(pod, request.namespace)]
    return localhost.beside(allowed, request, subjects, rules, about_pod(Level.PRIVILEGED, pod, old))


def _read(request: Request) -> tuple[Pod, Pod | None] | Verdict:
    """The pod in *request* and the one that it changes, or the refusal of what cannot be read."""
    try:
        pod = pod_in(request.object, request.kind)
    except Undecodable as error:
        return undecodable(error.what, error.cause)
    except MalformedObject as error:
        return malformed(request, error)
    if request.operation != "UPDATE":
        return pod, None
    try:
        return pod, pod_in(request.old_object, request.kind)
    except Undecodable as error:
        return undecodable(f"old {error.what}", error.cause)
    except MalformedObject as error:
        return undecodable("old object", str(error))


def is_significant_update(new: Pod, old: Pod) -> bool:
    """Whether anything changed that a pod can change and a control looks at: containers and their images."""
    if _images(new.spec.containers) != _images(old.spec.containers):
        return True
    if _images(new.spec.init_containers) != _images(old.spec.init_containers):
        return True
    # Ephemeral containers are known by their names; of several with one name, the first counts.
    before: dict[str, str] = {}
    for each in old.spec.ephemeral_containers or ():
        before.setdefault(each.name or "", each.image or "")
    return any(
        before.get(each.name or "") != (each.image or "") for each in new.spec.ephemeral_containers or ()
    )


def _images(containers: tuple[Container, ...] | None) -> list[str]:
    return [each.image or "" for each in containers or ()]
