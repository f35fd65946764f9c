"""Requests for what makes pods: it is warned about and audited, and never refused, as its pods will be."""

from functools import partial

from webhook.admission.cluster import Cluster, LookupFailed, NamespaceNotFound
from webhook.admission.evaluation import Asked, evaluated, exempted, exemption
from webhook.admission.objects import NoTemplate, Undecodable, workload_in
from webhook.admission.request import Request
from webhook.admission.rules import Rules
from webhook.admission.verdict import ALLOWED, Verdict
from webhook.policy.exceptions import Subject
from webhook.policy.labels import policy_of
from webhook.policy.origins import decode_origins
from webhook.policy.pod import MalformedObject
from webhook.policy.quoting import go_quoted


def validate_controller(request: Request, rules: Rules, cluster: Cluster) -> Verdict:
    """The verdict on a request for a controller. Source: as for pods."""
    if request.subresource:
        return ALLOWED
    if why := exemption(request, rules.settings.exemptions):
        return exempted(why)
    try:
        labels = cluster.labels_of(request.namespace)
    except (NamespaceNotFound, LookupFailed) as error:
        return passed_over(f"failed to lookup namespace {go_quoted(request.namespace)}: {error}")
    asked = policy, errors = policy_of(labels, rules.settings.defaults)
    if not (policy.audit.level or policy.warn.level or errors):
        return ALLOWED
    return _judged(request, asked, rules)


def _judged(request: Request, asked: Asked, rules: Rules) -> Verdict:
    """The verdict on the pod template in *request*, where the namespace asks for anything."""
    try:
        pod = workload_in(request.object, request.kind)
    except NoTemplate as error:
        return passed_over(f"failed to extract pod template: {error}")
    except Undecodable as error:
        return passed_over(f"failed to decode object: {error.cause}")
    except MalformedObject as error:
        return passed_over(f"failed to decode object: {error}")
    if pod is None:
        return ALLOWED
    subject = Subject(
        pod, request.namespace, partial(decode_origins, request.object, request.kind.group, request.kind.kind)
    )
    return evaluated(request, subject, asked, rules, enforces=False)


def passed_over(why: str) -> Verdict:
    """The verdict on a controller that could not be judged."""
    return Verdict(annotations={"error": why}, errors=(True,))
