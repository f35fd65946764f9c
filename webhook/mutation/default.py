"""The shape of a default: data beside a generator of what is put into a pod that left it open."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from webhook.mutation.excused import Excused
from webhook.policy.core_v1 import Container, ContainerSecurityContext
from webhook.policy.path import Path
from webhook.policy.pod import Pod

PRIVILEGED: Final = "privileged"
"""Why a default is not put into a container that has all rights: it would say what is not so."""


class Put(NamedTuple):
    """A value for a field that is not set: below the container ``node``, or below the pod's spec."""

    node: Container | None
    field: tuple[str, ...]
    value: Any

    def path(self, pod: Pod) -> Path:
        """The field's place in *pod*."""
        return (("spec",) if self.node is None else pod.path_of(self.node)) + self.field


class LeftAlone(NamedTuple):
    """A container that a default was not put into, because of ``why``: a warning to whoever sent the pod."""

    node: Container
    why: str


class Remark(NamedTuple):
    """A warning about a container, or about the pod; ``words`` say where with ``{where}``."""

    node: Container | None
    words: str


class Subject:
    """A pod as the defaults look at it.

    ``containers`` are those that may be changed, each with its security context (an empty one where it has
    none). ``is_new`` says whether the pod itself may be changed too: of a pod that runs already, only the
    ephemeral containers that are just being added. ``excused`` says what exceptions let them be without.
    """

    __slots__ = ("_settled", "containers", "excused", "is_new", "pod")

    def __init__(
        self,
        pod: Pod,
        containers: tuple[tuple[Container, ContainerSecurityContext], ...],
        *,
        is_new: bool,
        excused: Excused | None = None,
    ) -> None:
        self.pod = pod
        self.containers = containers
        self.is_new = is_new
        self.excused = excused
        self._settled: set[tuple[int, tuple[str, ...]]] = set()

    def may_lack(self, node: Container, field: tuple[str, ...]) -> bool:
        """Whether an exception lets *node* be without *field*."""
        return self.excused is not None and self.excused.covers(node, field)

    def settle(self, put: Put) -> None:
        """Let later defaults know of *put*."""
        self._settled.add((id(put.node), put.field))

    def is_settled(self, node: Container | None, field: tuple[str, ...]) -> bool:
        """Whether an earlier default put something there."""
        return (id(node), field) in self._settled


Finds = Callable[[Subject], Iterable[Put | LeftAlone | Remark]]


class Default(NamedTuple):
    """A value that is put where it was left open.

    ``fields`` are the places with what is put there, and ``cures`` the ids of the controls that a pod then
    passes, for people to read. ``where_off`` finds what there is to say where the default is switched off.
    Defaults are asked in the order of their ids; a later one sees what earlier ones put in.
    """

    id: str
    about: str
    fields: Mapping[str, str]
    finds: Finds
    cures: tuple[str, ...] = ()
    is_on: bool = False
    left_alone: tuple[str, ...] = ()
    where_off: Finds | None = None
