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

MOST_PARTS: Final = 32_768
"""Containers, volumes, ports, capabilities, sysctls and annotations of one pod, all together.

More than any node can run, and few enough that a pod made to keep the webhook busy is judged in less than
a second.
"""

LONGEST_ANNOTATIONS: Final = 256 * 1024
"""Characters of all annotations. Source: Kubernetes documentation, "Annotations"; it counts bytes."""

_TOO_MANY_PARTS: Final = (
    f"must not have more than {MOST_PARTS:,} containers, volumes, ports, capabilities, sysctls "
    "and annotations, all together"
)
_TOO_LONG_ANNOTATIONS: Final = f"must not be longer than {LONGEST_ANNOTATIONS:,} characters, all together"
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
    """A pod as the controls look at it. Raises MalformedObject for more parts than can be judged in time.

    ``contexts`` pairs every container with its security context (an empty one where it has none):
    init, then regular, then ephemeral containers, each in the order of its list. ``setters`` is the
    same with the pod's own security context in front, paired with None.
    """

    __slots__ = ("_places", "context", "contexts", "metadata", "setters", "spec")

    metadata: Metadata
    spec: PodSpec
    context: PodSecurityContext
    contexts: tuple[tuple[Container, ContainerSecurityContext], ...]
    setters: tuple[tuple[Container | None, SecurityContext], ...]
    _places: dict[int, Path] | None

    def __init__(self, written: PodObject) -> None:
        self.metadata = written.metadata or _NO_METADATA
        self.spec = spec = written.spec or _NO_SPEC
        self.context = spec.security_context or _NO_POD_CONTEXT
        containers = spec.containers or ()
        if spec.init_containers or spec.ephemeral_containers:
            containers = (*(spec.init_containers or ()), *containers, *(spec.ephemeral_containers or ()))
        self.contexts = tuple([(each, each.security_context or _NO_CONTEXT) for each in containers])
        self.setters = ((None, self.context), *self.contexts)
        self._places = None
        if self.parts > MOST_PARTS:
            raise MalformedObject("spec", _TOO_MANY_PARTS)
        texts = self.annotations
        if texts and sum([len(key) + len(texts[key] or "") for key in texts]) > LONGEST_ANNOTATIONS:
            raise MalformedObject("metadata.annotations", _TOO_LONG_ANNOTATIONS)

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
        if self._places is None:
            # Found once: a pod may have thousands of violations.
            self._places = {id(member): place for place, member in self._members()}
        place = self._places.get(id(node))
        if place is None:
            raise LookupError("not a part of this pod")
        return place

    def _members(self) -> Iterator[tuple[Path, Container | Volume]]:
        for name, attribute in (*_CONTAINER_LISTS, ("volumes", "volumes")):
            for index, member in enumerate(getattr(self.spec, attribute) or ()):
                yield ("spec", name, index), member

    @property
    def parts(self) -> int:
        """How many things the controls have to look at."""
        parts = len(self.contexts) + len(self.spec.volumes or ())
        parts += len(self.context.sysctls or ()) + len(self.metadata.annotations or ())
        for container, context in self.contexts:
            if container.ports:
                parts += len(container.ports)
            if (capabilities := context.capabilities) is not None:
                parts += len(capabilities.add or ()) + len(capabilities.drop or ())
        return parts


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
