"""A pod as the controls look at it, decoded once at the border."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from webhook.policy.core_v1 import (
    Container,
    ContainerSecurityContext,
    Metadata,
    PodObject,
    PodSecurityContext,
    PodSpec,
    SecurityContext,
    Volume,
)
from webhook.policy.path import Path

_NO_CONTEXT: Final = ContainerSecurityContext()
_NO_POD_CONTEXT: Final = PodSecurityContext()
_NO_METADATA: Final = Metadata()
_NO_SPEC: Final = PodSpec()
_CONTAINER_LISTS: Final = (
    ("initContainers", "init_containers"),
    ("containers", "containers"),
    ("ephemeralContainers", "ephemeral_containers"),
)


class Pod:
    """A pod as the controls look at it.

    ``contexts`` pairs every container with its security context (an empty one where it has none):
    init, then regular, then ephemeral containers, each in the order of its list. ``setters`` is the
    same with the pod's own security context in front, paired with None.
    """

    __slots__ = ("context", "contexts", "metadata", "setters", "spec")

    metadata: Metadata
    spec: PodSpec
    context: PodSecurityContext
    contexts: tuple[tuple[Container, ContainerSecurityContext], ...]
    setters: tuple[tuple[Container | None, SecurityContext], ...]

    def __init__(self, written: PodObject) -> None:
        self.metadata = written.metadata or _NO_METADATA
        self.spec = spec = written.spec or _NO_SPEC
        self.context = spec.security_context or _NO_POD_CONTEXT
        containers = spec.containers or ()
        if spec.init_containers or spec.ephemeral_containers:
            containers = (*(spec.init_containers or ()), *containers, *(spec.ephemeral_containers or ()))
        self.contexts = tuple([(each, each.security_context or _NO_CONTEXT) for each in containers])
        self.setters = ((None, self.context), *self.contexts)

    @property
    def annotations(self) -> dict[str, str | None]:
        """The annotations; one written as ``null`` is the empty text to Kubernetes."""
        return self.metadata.annotations or {}

    @property
    def is_windows(self) -> bool:
        """Whether the pod says that it runs on Windows."""
        os = self.spec.os
        return os is not None and os.name == "windows"

    @property
    def has_own_users(self) -> bool:
        """Whether the pod runs in a user namespace of its own (``hostUsers: false``)."""
        return self.spec.host_users is False

    def path_of(self, node: Container | Volume) -> Path:
        """Where *node* stands in the pod, such as ``("spec", "containers", 0)``."""
        for place, member in self._places():
            if member is node:
                return place
        raise LookupError("not a part of this pod")

    def _places(self) -> Iterator[tuple[Path, Container | Volume]]:
        for name, attribute in (*_CONTAINER_LISTS, ("volumes", "volumes")):
            for index, member in enumerate(getattr(self.spec, attribute) or ()):
                yield ("spec", name, index), member


UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes, or values, that are not what was asked for."""


class MalformedObject(ValueError):
    """A field of an object has a type that Kubernetes would not accept: which one, and what was expected."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}" if path else problem)
        self.path = path
        self.problem = problem

    @classmethod
    def from_decoder(cls, error: Exception) -> "MalformedObject":
        """From msgspec's error, which ends in the place: ``... - at `$.spec.containers[0].name```."""
        problem, _, place = str(error).partition(" - at `$")
        return cls(place.rstrip("`").lstrip("."), problem)


_decoder = msgspec.json.Decoder(PodObject)


def decode_pod(document: bytes | msgspec.Raw) -> Pod:
    """The pod that the JSON text *document* is. Raises MalformedObject."""
    try:
        return Pod(_decoder.decode(document))
    except UNREADABLE as error:
        raise MalformedObject.from_decoder(error) from error


def pod_from(manifest: Any) -> Pod:  # noqa: ANN401 - anything that a parser can return may come here
    """The pod that an already parsed manifest, or pod template, is. Raises MalformedObject."""
    try:
        return Pod(msgspec.convert(manifest, PodObject))
    except UNREADABLE as error:
        raise MalformedObject.from_decoder(error) from error
