"""Seccomp annotations have had no effect since Kubernetes v1.27: what they name is put into the fields."""

from collections.abc import Iterator

from webhook.mutation.default import Default, Put, Remark, Subject
from webhook.mutation.defaults.seccomp_profile import FIELD, VALUE, annotation_key
from webhook.policy.checks.seccomp_profile_baseline import (
    ALLOWED_ANNOTATIONS,
    CONTAINER_ANNOTATION,
    POD_ANNOTATION,
)
from webhook.policy.core_v1 import Container

TRANSLATED = "seccomp annotation of {where}: without effect since Kubernetes v1.27, now set as seccompProfile"
NOT_TRANSLATED = "seccomp annotation of {where}: without effect since Kubernetes v1.27, and not translated"
DEAD = "seccomp annotation of {where}: without effect since Kubernetes v1.27, set seccompProfile instead"
_LOCALHOST = "localhost/"


def translated(subject: Subject) -> Iterator[Put | Remark]:
    """Fields for annotations that name a profile; ``unconfined`` names none, and would loosen the pod."""
    for node in _annotated(subject):
        annotation = subject.pod.annotations[annotation_key(node)] or ""
        profile = profile_of(annotation)
        if profile is None:
            yield Remark(node, NOT_TRANSLATED)
        elif node is None and all(context.seccomp_profile for _, context in subject.containers):
            yield Remark(node, DEAD)
        elif any(subject.may_lack(each, FIELD) for each in _heirs(subject, node)):
            yield Remark(node, NOT_TRANSLATED)
        else:
            yield Put(node, FIELD, profile)
            yield Remark(node, TRANSLATED)


def dead(subject: Subject) -> Iterator[Remark]:
    """Annotations beside which no field is set: their author believes that they do something."""
    for node in _annotated(subject):
        yield Remark(node, DEAD)


def profile_of(annotation: str) -> dict[str, str] | None:
    """The field that says what *annotation* says, where that is a profile that the API server would take.

    Source: Kubernetes v1.26 documentation, "Restrict a Container's Syscalls with seccomp".
    """
    if annotation in ALLOWED_ANNOTATIONS:
        return VALUE
    path = annotation.removeprefix(_LOCALHOST)
    if path == annotation or not path or path.startswith("/") or ".." in path.split("/"):
        return None
    return {"type": "Localhost", "localhostProfile": path}


def _heirs(subject: Subject, node: Container | None) -> list[Container]:
    """The containers that would have the profile of *node*: itself, or those that inherit the pod's."""
    if node is not None:
        return [node]
    return [container for container, context in subject.containers if context.seccomp_profile is None]


def _annotated(subject: Subject) -> Iterator[Container | None]:
    """The pod and the containers that have an annotation and leave the field beside it open."""
    annotations = subject.pod.annotations
    if subject.is_new and POD_ANNOTATION in annotations and subject.pod.context.seccomp_profile is None:
        yield None
    if any(key.startswith(CONTAINER_ANNOTATION) for key in annotations):
        for container, context in subject.containers:
            if context.seccomp_profile is None and annotation_key(container) in annotations:
                yield container


DEFAULT = Default(
    id="seccompAnnotations",
    about=__doc__,
    fields={
        "spec.securityContext.seccompProfile": f"what the annotation `{POD_ANNOTATION}` says",
        "spec.containers[*].securityContext.seccompProfile": "what the annotation "
        f"`{CONTAINER_ANNOTATION}<container>` says",
    },
    finds=translated,
    cures=(),
    left_alone=("what an annotation calls `unconfined`, or what the API server takes for no profile",),
    where_off=dead,
)
