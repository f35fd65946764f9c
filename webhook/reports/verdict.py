"""What is said about the objects of a run."""

from typing import Any, NamedTuple

from webhook.policy.path import Path
from webhook.policy.standard import Level, Standard


class Source(NamedTuple):
    """Where an object is written: ``document`` and ``line`` count from 1 within the file."""

    file: str
    document: int
    line: int


class ObjectName(NamedTuple):
    """What an object is called; a namespace or name that is not written is None."""

    api_version: str
    kind: str
    namespace: str | None
    name: str | None


class Holder(NamedTuple):
    """The part of a pod that a field belongs to: its kind in words, such as ``init container``, and its name.

    The pod itself has no name here: it may be a template.
    """

    kind: str
    name: str | None = None


POD = Holder("pod")


class OffendingField(NamedTuple):
    """A field that makes a control fail.

    ``path`` starts at the manifest's root, and its last ``own`` steps lie below the holder. ``line`` is
    that of the field, or of the nearest thing around it that is there. ``value`` is None where the field
    is not set; ``is_filled_in`` where the file does not set it and the API server does. ``must``
    completes "must be".
    """

    path: Path
    own: int
    holder: Holder
    line: int
    value: Any
    is_filled_in: bool
    must: str

    @property
    def container(self) -> str | None:
        """The name of the container that the field belongs to, if it belongs to one."""
        return self.holder.name if self.holder.kind.endswith("container") else None


class Violation(NamedTuple):
    """A control that an object fails, in the built-in plugin's words."""

    control: str
    level: Level
    reason: str
    detail: str
    fields: tuple[OffendingField, ...]


class Verdict(NamedTuple):
    """Whether a standard allows an object, and if not, why.

    ``exemption`` says why nothing was asked; ``exceptions`` are the names of those that let something pass.
    """

    source: Source
    object: ObjectName
    standard: Standard
    allowed: bool
    highest_level: Level
    message: str
    violations: tuple[Violation, ...]
    exemption: str | None = None
    exceptions: tuple[str, ...] = ()


class Problem(NamedTuple):
    """Something that could not be read; ``line`` is None where there is none to name."""

    file: str
    line: int | None
    message: str


class Summary(NamedTuple):
    """What a run saw: every pod was either allowed or denied, and the exempt ones are among the allowed.

    ``excepted`` are those of which an exception let something pass, whether or not they were allowed then.
    ``scope`` is what was asked, in words; where it is empty, all of the standard.
    """

    objects: int
    pods: int
    allowed: int
    denied: int
    errors: int
    exempt: int
    standard: Standard
    excepted: int = 0
    scope: str = ""
