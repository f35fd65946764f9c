"""Names that exist on other architectures only."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several
from webhook.seccomp.syscalls import is_a_call, number_of
from webhook.seccomp.target import Target


def look(sight: Sight) -> Iterator[Found]:
    """The names of each rule that no architecture of the filter has."""
    if sight.loaded is None:
        return
    architectures = (sight.target.architecture, *sight.loaded.filters)
    for rule in sight.rules:
        foreign = [
            name
            for name in rule.names
            if is_a_call(name) and all(number_of(name, each) is None for each in architectures)
        ]
        if foreign:
            plain = sight.target.architecture.removeprefix("SCMP_ARCH_").lower()
            yield Found(
                rule.place, f"{several(foreign)}: no such call on {plain}, so this has no effect there"
            )


LINT = Lint(
    id="other-architecture",
    severity=Severity.NOTE,
    title="A call does not exist on this architecture.",
    why="arm64 has no open, stat, fork or chmod: programs there call openat, newfstatat, clone, "
    "fchmodat. A profile that was recorded on x86_64 lacks those.",
    advice="A profile for several architectures names both forms. Record again on the other architecture.",
    source="Linux, the tables of system calls; data/syscalls.json",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "open", "stat"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
    target=Target(architecture="SCMP_ARCH_AARCH64"),
)
