"""Pods, and what makes pods, as they are in the cluster.

Source: Kubernetes API reference, "Workload Resources"; "Pod Lifecycle" for the phases in which a pod is over.
"""

from typing import Final, NamedTuple

import msgspec

from webhook.cluster.kind import Kind
from webhook.cluster.objects import Metadata, Part, Read
from webhook.cluster.requests import Collection
from webhook.policy.origins import Origin, decode_origins, origins_of_pod
from webhook.policy.pod import MalformedObject, Pod
from webhook.policy.workload import KINDS, decode_workload

_OVER: Final = frozenset({"Succeeded", "Failed"})
# Nobody makes pods of them by themselves.
_NOT_MADE: Final = frozenset({"PodTemplate"})


class Live(NamedTuple):
    """A pod, or what makes pods. ``origins`` are its own name, and what controls it.

    ``pod`` is None where there is none in it, or where ``problem`` says why it cannot be read.
    """

    api_version: str
    kind: str
    namespace: str
    name: str
    origins: tuple[Origin, ...] = ()
    pod: Pod | None = None
    is_over: bool = False
    problem: str = ""


class _Status(Part):
    phase: str = ""


class _Head(Part):
    metadata: Metadata
    status: _Status | None = None


_head = msgspec.json.Decoder(_Head)


def workload_kinds(namespace: str | None) -> tuple[Kind[Live], ...]:
    """Everything that makes pods, and then the pods; in *namespace*, or in all of them."""
    keys = sorted((key for key in KINDS if key[1] not in _NOT_MADE), key=lambda key: key[1] == "Pod")
    return tuple(_kind(*key, namespace) for key in keys)


def _kind(api_version: str, kind: str, namespace: str | None) -> Kind[Live]:
    workload = KINDS[api_version, kind]
    root = f"/apis/{api_version}" if workload.group else f"/api/{api_version}"
    within = "" if namespace is None else f"/namespaces/{namespace}"
    resource = f"{workload.resource}.{workload.group}" if workload.group else workload.resource

    def read(document: bytes | msgspec.Raw) -> Read[Live]:
        head = _head.decode(document)
        metadata = head.metadata
        live = Live(api_version, kind, metadata.namespace, metadata.name)
        try:
            pod = decode_workload(api_version, kind, document)
        except MalformedObject as error:
            live = live._replace(problem=str(error))
        else:
            is_over = (head.status or _Status()).phase in _OVER
            live = live._replace(
                origins=_origins(pod, document, kind, workload.group), pod=pod, is_over=is_over
            )
        return Read(f"{metadata.namespace}/{metadata.name}", metadata.resource_version, live)

    return Kind(workload.resource, (Collection(resource, f"{root}{within}/{workload.resource}"),), read)


def _origins(pod: Pod | None, document: bytes | msgspec.Raw, kind: str, group: str) -> tuple[Origin, ...]:
    if kind == "Pod" and pod is not None:
        return origins_of_pod(pod)
    return decode_origins(document, group, kind)
