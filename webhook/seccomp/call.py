"""One system call, and what becomes of it."""

from typing import NamedTuple

from webhook.seccomp.actions import Outcome

Arguments = tuple[int, int, int, int, int, int]


class Call(NamedTuple):
    """A call as the kernel sees it: ``architecture`` as SCMP_ARCH_X86_64, six unsigned 64-bit arguments."""

    architecture: str
    number: int
    arguments: Arguments = (0, 0, 0, 0, 0, 0)


class Verdict(NamedTuple):
    """What becomes of a call, and the line of the rule that says so; None where it is no rule of the file.

    ``why`` says it then: the default action, runc's ENOSYS stub, an architecture that is not in the filter.
    """

    outcome: Outcome
    line: int | None
    why: str = ""
