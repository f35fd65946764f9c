"""Calls that the runtime itself makes when the filter is already in force."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import DEFAULT_ACTION, Sight
from webhook.seccomp.target import Loader

_RUNC = frozenset(("close", "execve", "fstat", "fstatfs", "getdents64", "openat", "statx", "write"))
_RUNC_EARLY = _RUNC | frozenset(
    (
        "capget", "capset", "chdir", "close_range", "epoll_ctl", "faccessat2", "fchown", "getcwd", "getpid",
        "getppid", "newfstatat", "prctl", "read", "setgid", "setgroups", "setuid", "tgkill",
    )
)  # fmt: skip
_CRUN = frozenset(("close", "close_range", "execve"))
_CRUN_EARLY = _CRUN | frozenset(
    ("capset", "prctl", "rt_sigaction", "rt_sigprocmask", "setresgid", "setresuid", "write")
)
_NEEDED = {
    (Loader.RUNC, False): _RUNC,
    (Loader.RUNC, True): _RUNC_EARLY,
    (Loader.CRUN, False): _CRUN,
    (Loader.CRUN, True): _CRUN_EARLY,
}


def look(sight: Sight) -> Iterator[Found]:
    """What this runtime needs and may not do; the filter is loaded early where privileges may grow."""
    target = sight.target
    needed = _NEEDED[target.runtime.loader, target.allow_privilege_escalation]
    if refused := sorted(name for name in needed if sight.is_refused(name)):
        mode = "true" if target.allow_privilege_escalation else "false"
        yield Found(
            DEFAULT_ACTION,
            f"{target.runtime.loader} needs {', '.join(refused)} to start a container "
            f"with allowPrivilegeEscalation {mode}",
        )


LINT = Lint(
    id="runtime-needs",
    severity=Severity.ERROR,
    title="The runtime cannot start the container: calls that it makes itself are refused.",
    why="The filter is in force before the program begins. What the runtime still does must be allowed: "
    "with allowPrivilegeEscalation false little, else more, because the filter is then loaded before "
    "rights are dropped. A recording of the program alone lacks these calls.",
    advice="Allow them, or set allowPrivilegeEscalation to false. Other versions of runtimes may need "
    "others.",
    source="measured with runc 1.3.6 and crun 1.28 on Linux 6.18, 25 starts each",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"action": "SCMP_ACT_ALLOW", "names": [
    "capget", "capset", "chdir", "close", "close_range", "epoll_ctl", "execve", "faccessat2", "fchown",
    "fstat", "fstatfs", "getcwd", "getdents64", "getpid", "getppid", "newfstatat", "openat", "prctl", "read",
    "rt_sigaction", "rt_sigprocmask", "setgid", "setgroups", "setresgid", "setresuid", "setuid", "statx",
    "tgkill", "write"
  ]}]
}""",
    look=look,
    differences={"runc": "8 calls, or 25 with allowPrivilegeEscalation", "crun": "3 calls, or 10"},
)
