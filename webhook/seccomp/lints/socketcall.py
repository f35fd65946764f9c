"""Conditions on socket calls, void where 32-bit programs make them through socketcall."""

from collections.abc import Iterator

from webhook.seccomp.architectures import ARCHITECTURES
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several

_MULTIPLEXED = {
    "socketcall": frozenset(
        ("accept", "bind", "connect", "getsockopt", "sendto", "setsockopt", "socket", "socketpair")
    ),
    "ipc": frozenset(("msgctl", "msgget", "msgsnd", "semctl", "semget", "shmat", "shmctl", "shmget")),
}


def look(sight: Sight) -> Iterator[Found]:
    """Every rule with conditions on such a call, where the filter has an architecture that multiplexes it."""
    if sight.loaded is None:
        return
    multiplexing = [
        name.removeprefix("SCMP_ARCH_").lower()
        for name in sight.loaded.filters
        if name in ARCHITECTURES and ARCHITECTURES[name].multiplexes
    ]
    for rule in sight.rules if multiplexing else ():
        for call, family in _MULTIPLEXED.items():
            if rule.arguments and (names := [name for name in rule.names if name in family]):
                yield Found(
                    rule.place,
                    f"on {several(multiplexing)} programs also reach {several(names)} through {call}, "
                    "whose arguments no filter sees",
                )


LINT = Lint(
    id="socketcall",
    severity=Severity.WARNING,
    title="A condition on a socket call does not hold for 32-bit programs.",
    why="32-bit x86, and s390, ppc and mips, have one call socketcall for all of them, with the "
    "arguments in memory, where a filter cannot look. An allowed socket opens socketcall(1) for "
    "every address family.",
    advice="Leave the 32-bit architecture out of the profile.",
    source="socketcall(2); ipc(2); libseccomp, which adds the rule for socketcall itself",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    look=look,
)
