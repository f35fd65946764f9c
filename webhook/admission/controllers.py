"""Requests for what makes pods: it is warned about and audited, and never refused, as its pods will be."""

from webhook.admission.cluster import Cluster, LookupFailed, NamespaceNotFound, end_of_lookup
from webhook.admission.evaluation import Asked, evaluated, exempted, exemption
from webhook.admission.objects import NoTemplate, Undecodable, workload_in
from webhook.admission.request import Request
from webhook.admission.verdict import ALLOWED, Verdict
from webhook.config import Settings
from webhook.policy.exemptions import Exemptions
from webhook.policy.labels import policy_of
from webhook.policy.pod import MalformedObject
from webhook.policy.quoting import go_quoted


def validate_controller(
    request: Request, settings: Settings, cluster: Cluster, deadline: float | None = None
) -> Verdict:
    """The verdict on a request for a controller, due at *deadline*. Source: as for pods."""
    if request.subresource:
        return ALLOWED
    if why := exemption(request, settings.exemptions):
        return exempted(why)
    try:
        labels = cluster.labels_of(request.namespace, end_of_lookup(deadline))
    except (NamespaceNotFound, LookupFailed) as error:
        return passed_over(f"failed to lookup namespace {go_quoted(request.namespace)}: {error}")
    asked = policy, errors = policy_of(labels, settings.defaults)
    if not (policy.audit.level or policy.warn.level or errors):
        return ALLOWED
    return _judged(request, asked, settings.exemptions)


def _judged(request: Request, asked: Asked, exemptions: Exemptions) -> Verdict:
    """The verdict on the pod template in *request*, where the namespace asks for anything."""
    try:
        pod = workload_in(request.object, request.kind)
    except NoTemplate as error:
        return passed_over(f"failed to extract pod template: {error}")
    except Undecodable as error:
        return passed_over(f"failed to decode object: {error.cause}")
    except MalformedObject as error:
        return passed_over(f"failed to decode object: {error}")
    return ALLOWED if pod is None else evaluated(request, pod, asked, exemptions, enforces=False)


def passed_over(why: str) -> Verdict:
    """The verdict on a controller that could not be judged."""
    return Verdict(annotations={"error": why}, errors=(True,))
