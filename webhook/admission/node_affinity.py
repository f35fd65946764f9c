"""New pods, kept to the nodes that have the profiles they use: what comes to the patch of the defaults."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from msgspec import structs

from webhook.admission.cluster import Cluster
from webhook.admission.evaluation import LONGEST_ANNOTATION, cut
from webhook.admission.objects import pod_in
from webhook.admission.request import Request
from webhook.admission.verdict import Verdict
from webhook.config import Settings
from webhook.mutation import Operation
from webhook.mutation.choice import is_declined
from webhook.mutation.untouched import why_untouched
from webhook.nodes.affinity import additions
from webhook.nodes.asked import asks
from webhook.nodes.localhost_profiles import Mode
from webhook.policy.path import dotted

ID: Final = "nodeAffinity"
"""What annotation, log and metric call it, beside the defaults."""


def with_node_affinity(
    verdict: Verdict,
    request: Request,
    settings: Settings,
    labels: Callable[[], Mapping[str, str]],
    cluster: Cluster,
) -> Verdict:
    """*verdict* on a new pod, with the affinity added; on anything else, as it is.

    Who declines defaults declines this. Raises as *labels* does, and MalformedObject and Undecodable.
    """
    asked = (request.group, request.resource, request.operation, request.subresource)
    if asked != ("", "pods", "CREATE", "") or verdict.exempt or verdict.errors:
        return verdict
    pod = pod_in(request.object, request.kind)
    if (
        not asks(pod)
        or why_untouched(pod)
        or settings.exemptions.cover_runtime_class(pod.spec.runtime_class_name)
    ):
        return verdict
    found = labels()
    if settings.localhost_profiles.mode_in(request.namespace, found) is Mode.OFF:
        return verdict
    if is_declined(found, pod.metadata.labels or {}):
        return verdict
    added = additions(pod, cluster.inventory())
    if not added:
        return verdict
    patch: list[Any] = msgspec.json.decode(verdict.patch) if verdict.patch else []
    patch += [Operation("/" + "/".join(map(str, path)), value) for path, value in added]
    annotations = dict(verdict.annotations or {})
    places = ", ".join(dotted(path) for path, _ in added)
    told = [each for each in (annotations.get("mutated"), f"{ID} ({places})") if each]
    annotations["mutated"] = cut(", ".join(told), LONGEST_ANNOTATION)
    return structs.replace(
        verdict,
        annotations=annotations,
        patch=msgspec.json.encode(patch),
        mutated=(*verdict.mutated, ID),
    )
