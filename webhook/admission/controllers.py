"""Requests for what makes pods: it is warned about and audited; its pods will be refused.

Itself it is refused only where the configuration asks for that, and only when it is made or its template
changes: to refuse more would keep controllers, and people, from scaling down or taking away what is there.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from webhook.admission.cluster import Cluster, LookupFailed, NamespaceNotFound, end_of_lookup
from webhook.admission.evaluation import Asked, evaluated, exempted, exemption
from webhook.admission.localhost import About, Localhost
from webhook.admission.objects import NoTemplate, Undecodable, workload_in
from webhook.admission.request import Request
from webhook.admission.rules import Rules
from webhook.admission.verdict import ALLOWED, Verdict
from webhook.policy.labels import Policy, policy_of
from webhook.policy.origins import decode_origins
from webhook.policy.path import dotted
from webhook.policy.pod import MalformedObject
from webhook.policy.quoting import go_quoted
from webhook.policy.relief import Subject
from webhook.policy.standard import Level
from webhook.policy.workloads import Placed, Workloads


def validate_controller(
    request: Request, rules: Rules, cluster: Cluster, deadline: float | None = None
) -> Verdict:
    """The verdict on a request for a controller, due at *deadline*. Source: as for pods."""
    if request.subresource:
        return ALLOWED
    if why := exemption(request, rules.settings.exemptions):
        return exempted(why)
    try:
        labels = cluster.labels_of(request.namespace, end_of_lookup(deadline))
    except (NamespaceNotFound, LookupFailed) as error:
        return passed_over(f"failed to lookup namespace {go_quoted(request.namespace)}: {error}")
    asked = policy, errors = policy_of(labels, rules.settings.defaults)
    asks = _enforced_level(policy, rules) or policy.audit.level or policy.warn.level or errors
    localhost = Localhost.of(rules, request.namespace, labels, cluster)
    if not asks and not rules.ask_at_privileged(request.namespace):
        return _beside_privileged(request, asked, rules, localhost) if localhost.is_asked else ALLOWED
    return _judged(request, asked, rules, localhost)


def _judged(request: Request, asked: Asked, rules: Rules, localhost: Localhost) -> Verdict:
    """The verdict on the pod template in *request*, where the namespace asks for anything."""
    try:
        pods = workload_in(request.object, request.kind, rules.settings.workloads)
    except NoTemplate as error:
        return passed_over(f"failed to extract pod template: {error}")
    except Undecodable as error:
        return passed_over(f"failed to decode object: {error.cause}")
    except MalformedObject as error:
        return passed_over(f"failed to decode object: {error}")
    if not pods:
        return ALLOWED
    subjects = _subjects(request, pods)
    enforces = rules.settings.enforce_controllers and _is_new(pods, request, rules.settings.workloads)
    verdict = evaluated(request, subjects, asked, rules, enforces=enforces)
    about = About(asked[0].enforce.level, enforces=enforces)
    return localhost.beside(verdict, request, subjects, rules, about)


def _beside_privileged(request: Request, asked: Asked, rules: Rules, localhost: Localhost) -> Verdict:
    """What there is to say of profiles of the node, where nothing else is asked."""
    try:
        pods = workload_in(request.object, request.kind, rules.settings.workloads)
    except (NoTemplate, Undecodable, MalformedObject):
        return ALLOWED
    enforces = rules.settings.enforce_controllers and _is_new(pods, request, rules.settings.workloads)
    about = About(asked[0].enforce.level, enforces=enforces)
    return localhost.beside(ALLOWED, request, _subjects(request, pods), rules, about)


def _subjects(request: Request, pods: Sequence[Placed]) -> list[Subject]:
    origins = partial(decode_origins, request.object, request.kind.group, request.kind.kind)
    return [
        Subject(pod, request.namespace, origins, dotted(place) if len(pods) > 1 else "")
        for place, pod in pods
    ]


def _enforced_level(policy: Policy, rules: Rules) -> Level:
    return policy.enforce.level if rules.settings.enforce_controllers else Level.PRIVILEGED


def _is_new(pods: tuple[Placed, ...], request: Request, workloads: Workloads) -> bool:
    """Whether the templates were not there before as they are now. What cannot be read was not."""
    if request.operation != "UPDATE":
        return True
    try:
        old = workload_in(request.old_object, request.kind, workloads)
    except (NoTemplate, Undecodable, MalformedObject):
        return True
    return [*map(_compared, old)] != [*map(_compared, pods)]


def _compared(placed: Placed) -> tuple[Any, ...]:
    place, pod = placed
    return place, pod.metadata.annotations, pod.spec


def passed_over(why: str) -> Verdict:
    """The verdict on a controller that could not be judged."""
    return Verdict(annotations={"error": why}, errors=(True,))
