"""The shape of a lint: data beside a generator of what somebody will trip over."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from webhook.seccomp.profile import Place
from webhook.seccomp.sight import Sight
from webhook.seccomp.target import Runtime, Target


class Severity(StrEnum):
    """How bad a finding is, the worst first."""

    ERROR = "error"
    """The container does not start, or is not protected where the text says that it is."""
    WARNING = "warning"
    """The profile does something else than its author probably wants."""
    NOTE = "note"
    """Worth knowing; nothing need be done."""


class Found(NamedTuple):
    """Something in a profile, and where it stands."""

    place: Place
    message: str


class Lint(NamedTuple):
    """One thing that people trip over.

    ``example`` is a profile that has it and ``clean`` one that has not, both looked at on ``target``.
    ``differences`` say what is special about a runtime, by the name of its reader or loader.
    """

    id: str
    severity: Severity
    title: str
    why: str
    advice: str
    source: str
    example: str
    clean: str
    look: Callable[[Sight], Iterable[Found]]
    differences: Mapping[str, str] = {}
    target: Target = Target()


class LintFinding(NamedTuple):
    """What a lint found, and the runtimes on which it holds."""

    lint: Lint
    place: Place
    message: str
    runtimes: tuple[Runtime, ...]
