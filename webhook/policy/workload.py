"""The kinds that hold a pod, and the pod inside them.

Source: Kubernetes documentation, "Pod Security Admission", section "Workload resources and Pod templates".
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from webhook.policy.core_v1 import PodObject
from webhook.policy.pod import UNREADABLE, MalformedObject, Pod


class Workload(NamedTuple):
    """A kind that holds a pod: its resource, and where its pod template stands (a pod's own is ``()``)."""

    group: str
    kind: str
    resource: str
    template: tuple[str, ...]
    # A missing template is no pod in some kinds and an empty pod in others, as in Go's types.
    template_is_optional: bool = False


class UnknownKind(ValueError):
    """The object is of a kind that holds no pod that we know."""


_IN_SPEC = ("spec", "template")

KINDS: Final[Mapping[tuple[str, str], Workload]] = {
    ("v1", "Pod"): Workload("", "Pod", "pods", ()),
    ("v1", "ReplicationController"): Workload(
        "", "ReplicationController", "replicationcontrollers", _IN_SPEC, template_is_optional=True
    ),
    ("v1", "PodTemplate"): Workload("", "PodTemplate", "podtemplates", ("template",)),
    ("apps/v1", "ReplicaSet"): Workload("apps", "ReplicaSet", "replicasets", _IN_SPEC),
    ("apps/v1", "Deployment"): Workload("apps", "Deployment", "deployments", _IN_SPEC),
    ("apps/v1", "StatefulSet"): Workload("apps", "StatefulSet", "statefulsets", _IN_SPEC),
    ("apps/v1", "DaemonSet"): Workload("apps", "DaemonSet", "daemonsets", _IN_SPEC),
    ("batch/v1", "Job"): Workload("batch", "Job", "jobs", _IN_SPEC),
    ("batch/v1", "CronJob"): Workload(
        "batch", "CronJob", "cronjobs", ("spec", "jobTemplate", "spec", "template")
    ),
}
"""The pod and the eight built-in controllers, by apiVersion and kind."""


def pod_of(api_version: str, kind: str, manifest: Any) -> Pod | None:  # noqa: ANN401 - a parser's result
    """The pod inside *manifest*, or None where an optional template is absent.

    Raises UnknownKind, and MalformedObject with a path that starts at the manifest.
    """
    decoder = _decoder_of(api_version, kind)
    try:
        holder = msgspec.convert(manifest, decoder.type)
    except UNREADABLE as error:
        raise MalformedObject.from_decoder(error) from error
    return _pod_in(holder, KINDS[api_version, kind])


def decode_workload(api_version: str, kind: str, document: bytes | msgspec.Raw) -> Pod | None:
    """As ``pod_of``, from the JSON text of the object."""
    decoder = _decoder_of(api_version, kind)
    try:
        holder = decoder.decode(document)
    except UNREADABLE as error:
        raise MalformedObject.from_decoder(error) from error
    return _pod_in(holder, KINDS[api_version, kind])


def _decoder_of(api_version: str, kind: str) -> msgspec.json.Decoder[Any]:
    decoder = _DECODERS.get((api_version, kind))
    if decoder is None:
        raise UnknownKind(f"{api_version}, Kind={kind}")
    return decoder


def _pod_in(holder: Any, workload: Workload) -> Pod | None:  # noqa: ANN401 - of a type made below
    for step in workload.template:
        holder = getattr(holder, step, None)
    if holder is None:
        return None if workload.template_is_optional else Pod(PodObject())
    try:
        return Pod(holder)
    except MalformedObject as error:
        raise MalformedObject(".".join((*workload.template, error.path)), error.problem) from error


def _holder_of(template: tuple[str, ...]) -> Any:  # noqa: ANN401 - a type made at run time
    """The type of an object that has a pod at *template* and nothing else that matters."""
    holder: Any = PodObject
    for step in reversed(template):
        holder = msgspec.defstruct(f"With_{step}", [(step, holder | None, None)], frozen=True)
    return holder


_DECODERS: Final = {
    key: msgspec.json.Decoder(_holder_of(workload.template)) for key, workload in KINDS.items()
}
