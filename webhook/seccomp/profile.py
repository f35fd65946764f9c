"""A profile as its text says it, before any runtime makes something of it.

One shape for all dialects: what a dialect does not have is absent. Texts stay texts here (an action that
nobody knows is kept), because what a runtime answers to them depends on the runtime.
"""

from enum import StrEnum
from typing import NamedTuple


class Place(NamedTuple):
    """Where something stands: its line in the file, from 1 on, and its path (``syscalls[3].names[0]``)."""

    line: int
    path: str


class Lost(StrEnum):
    """Why something of the text is not in the profile that is read from it."""

    UNKNOWN = "unknown"
    """No dialect has such a key."""
    FOREIGN = "foreign"
    """Another dialect has it, and this one drops it without a word."""
    DUPLICATE = "duplicate"
    """The same key stands again further down, and that one counts, whatever the case of their letters.

    Of an object or a list that stands twice, what the later one leaves unsaid stays: Go decodes it over the
    first.
    """
    OVERRULED = "overruled"
    """Another key says the same thing and counts: ``errno`` before ``errnoRet``."""
    OMITTED = "omitted"
    """Written, but left out where it is handed on: the operator's ``errnoRet: 0``."""
    ELSEWHERE = "elsewhere"
    """It names another profile, whose rules are added to these: the operator's ``baseProfileName``."""


class Remark(NamedTuple):
    """Something that the text says and the profile does not hold."""

    place: Place
    lost: Lost
    key: str


class Argument(NamedTuple):
    """A condition on the argument ``number`` (0 to 5) of a call, ``op`` being SCMP_CMP_EQ or the like.

    For SCMP_CMP_MASKED_EQ ``value`` is the mask and ``value_two`` what must be left of the argument.
    """

    number: int
    value: int
    value_two: int
    op: str
    place: Place


class Filter(NamedTuple):
    """When a rule is taken (``includes``) or left out (``excludes``), of Docker and containers-common.

    ``capabilities`` as CAP_SYS_ADMIN, ``architectures`` by Go's names (amd64), ``kernel`` as (4, 8) or None.
    """

    capabilities: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()
    kernel: tuple[int, int] | None = None


class Rule(NamedTuple):
    """One entry of ``syscalls``. ``errno`` is a number, or a name where the dialect has names.

    What the old key ``name`` says stands in ``names``, too. Only where the text has both keys it stands in
    ``name``: a reader refuses such a rule, or leaves it out before it looks. ``name_lines`` are the lines of
    ``names``, where they are known. ``has_names`` is False where no key for names is there, or null: crun
    refuses that, and takes an empty list.
    """

    names: tuple[str, ...]
    action: str
    errno: int | str | None
    arguments: tuple[Argument, ...]
    place: Place
    includes: Filter = Filter()
    excludes: Filter = Filter()
    comment: str = ""
    name: str = ""
    name_lines: tuple[int, ...] = ()
    has_names: bool = True


class SubArchitectures(NamedTuple):
    """An entry of ``archMap``: what else is in the filter on a node of ``architecture``."""

    architecture: str
    others: tuple[str, ...]


class Profile(NamedTuple):
    """A profile as one dialect reads it. ``flags`` None: the key is absent, which is not the empty list."""

    default_action: str = ""
    default_errno: int | str | None = None
    architectures: tuple[str, ...] = ()
    sub_architectures: tuple[SubArchitectures, ...] | None = None
    flags: tuple[str, ...] | None = None
    listener_path: str = ""
    listener_metadata: str = ""
    rules: tuple[Rule, ...] = ()
    remarks: tuple[Remark, ...] = ()


class Unreadable(ValueError):
    """The text cannot be read as a profile. ``problem`` says it in the reader's own words, if it has some."""

    def __init__(self, problem: str, place: Place) -> None:
        super().__init__(f"line {place.line}: {problem}")
        self.problem = problem
        self.place = place
