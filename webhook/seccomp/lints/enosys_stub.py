"""runc answers ENOSYS to newer calls, whatever the default action."""

from collections.abc import Iterator

from webhook.seccomp.actions import ENOSYS, Action, Outcome
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import DEFAULT_ACTION, Sight
from webhook.seccomp.syscalls import name_of


def look(sight: Sight) -> Iterator[Found]:
    """A stub that stands before a default action which is not ENOSYS."""
    loaded, architecture = sight.loaded, sight.target.architecture
    if loaded is None or loaded.default == Outcome(Action.ERRNO, ENOSYS):
        return
    above = loaded.enosys_above.get(architecture)
    if above is not None:
        name = name_of(above, architecture) or str(above)
        action = loaded.default.action.removeprefix("SCMP_ACT_")
        yield Found(
            DEFAULT_ACTION,
            f"calls newer than {name} ({above}) return ENOSYS, not {action}",
        )


LINT = Lint(
    id="enosys-stub",
    severity=Severity.NOTE,
    title="For newer calls runc returns ENOSYS instead of the default action.",
    why="Calls with a number above the greatest one in the profile return ENOSYS, so that C libraries "
    "fall back. A default of KILL_PROCESS does not kill there, and LOG flags do not log. crun does "
    "the default action.",
    advice="Nothing need be done. Name a call to have its action, not the stub's.",
    source="runc, libcontainer/seccomp/patchbpf; measured: number 450 with a default of KILL_PROCESS",
    example="""{
  "defaultAction": "SCMP_ACT_KILL_PROCESS",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]
}""",
    look=look,
    differences={"runc": "has the stub", "crun": "has none"},
)
