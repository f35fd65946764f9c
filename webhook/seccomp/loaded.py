"""What a runtime made of a profile: the rules that are in force, in the order in which they are asked.

These are values only; ``load`` makes them. Source of what they say: seccomp(2); libseccomp's documentation.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from webhook.seccomp.actions import Action, Outcome
from webhook.seccomp.profile import Place

WHOLE: Final = (1 << 64) - 1
"""The greatest value of an argument."""


class Comparison(StrEnum):
    """How an argument is compared with a value, both as unsigned numbers of 64 bits."""

    EQ = "SCMP_CMP_EQ"
    NE = "SCMP_CMP_NE"
    LT = "SCMP_CMP_LT"
    LE = "SCMP_CMP_LE"
    GT = "SCMP_CMP_GT"
    GE = "SCMP_CMP_GE"
    MASKED_EQ = "SCMP_CMP_MASKED_EQ"


class Condition(NamedTuple):
    """A condition on the argument ``number`` (0 to 5).

    For MASKED_EQ ``value`` is the mask, and ``value_two`` what must be left of the argument. For the others
    only the bits of ``mask`` are compared: all of them, but for what libseccomp gets wrong (``program``).
    """

    number: int
    op: Comparison
    value: int
    value_two: int = 0
    mask: int = WHOLE


class LoadedRule(NamedTuple):
    """What becomes of the calls that meet all conditions. One rule of the file may be several of these.

    ``place`` is the rule of the file that it comes from.
    """

    conditions: tuple[Condition, ...]
    outcome: Outcome
    place: Place | None


class Dropped(NamedTuple):
    """Something of the profile that has no effect, and why: of which the runtime says nothing."""

    place: Place
    why: str


class Loaded(NamedTuple):
    """The filter that is in force for a container.

    ``filters`` has the rules by architecture and number of the call: the first whose conditions are met
    decides, and ``default`` where none does. A call of an architecture that is not there gets
    ``bad_architecture``. Above ``enosys_above`` an architecture's calls get ENOSYS without being looked at
    (runc's stub; empty where there is none), and so do the numbers in ``enosys_numbers``. ``is_filter`` is
    False where the runtime takes the profile for "seccomp disabled": all calls reach the kernel.
    ``instructions`` is an estimate of the program's length, stub and all architectures included.
    """

    default: Outcome
    filters: Mapping[str, Mapping[int, tuple[LoadedRule, ...]]]
    enosys_above: Mapping[str, int]
    bad_architecture: Outcome = Outcome(Action.KILL_THREAD)
    is_filter: bool = True
    flags: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    instructions: int = 0
    enosys_numbers: Mapping[str, frozenset[int]] = {}


NO_FILTER: Final = Loaded(Outcome(Action.ALLOW), {}, {}, is_filter=False)
"""What a profile becomes that means "seccomp disabled" to the runtime."""


class NotStarted(Exception):
    """With this profile no container starts. ``problem`` is the runtime's text, ``place`` its cause."""

    def __init__(self, problem: str, place: Place) -> None:
        super().__init__(problem)
        self.problem = problem
        self.place = place


class Unjudged(ValueError):
    """What is loaded cannot be said: the profile makes more of it than can be looked through."""


class Endless(Unjudged):
    """The runtime hangs with this profile: libseccomp does not come to an end with its rules."""
