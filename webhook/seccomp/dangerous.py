"""System calls that a container should not have without a reason, and what the kernel itself asks for them.

Source: Docker's documentation, "Significant syscalls blocked by the default profile"; capabilities(7); the
pages of the calls in section 2 of the Linux manual.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from webhook.seccomp.loaded import Comparison, Condition

_INT: Final = 0xFFFFFFFF


class Danger(NamedTuple):
    """Why a call is dangerous. ``group`` is a word for it, ``condition`` with which arguments, if not all.

    The condition looks at the lower half of an argument, as the kernel does; ``argument`` says it in words.
    """

    group: str
    reason: str
    condition: Condition | None = None
    argument: str = ""


class _Group(NamedTuple):
    name: str
    reason: str
    calls: str


_GROUPS: Final = (
    _Group(
        "kernel code",
        "puts code into the kernel, or takes it out",
        "init_module finit_module delete_module create_module query_module get_kernel_syms",
    ),
    _Group("new kernel", "stops the machine or starts another kernel", "kexec_load kexec_file_load reboot"),
    _Group(
        "BPF and tracing",
        "runs programs in the kernel, or reads what the host does",
        "bpf perf_event_open lookup_dcookie",
    ),
    _Group(
        "mounts",
        "changes what is mounted, the way out of a container's files",
        "mount umount umount2 pivot_root fsopen fsconfig fsmount fspick move_mount open_tree open_tree_attr "
        "mount_setattr",
    ),
    _Group(
        "namespaces",
        "enters other namespaces, or makes new ones in which the process is root",
        "setns unshare clone3 sethostname setdomainname",
    ),
    _Group("files by handle", "opens files outside of the container's root", "open_by_handle_at"),
    _Group(
        "other processes",
        "reads or changes other processes",
        "ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise",
    ),
    _Group("keyring", "keys are not kept apart by containers", "add_key request_key keyctl"),
    _Group(
        "I/O ring",
        "makes calls that no filter sees",
        "io_uring_setup io_uring_enter io_uring_register",
    ),
    _Group(
        "memory",
        "helps to exploit errors of the kernel",
        "userfaultfd move_pages mbind set_mempolicy migrate_pages",
    ),
    _Group("hardware", "reaches ports or the processor's tables", "iopl ioperm modify_ldt vm86 vm86old"),
    _Group(
        "time",
        "sets the clock of the whole machine",
        "settimeofday stime clock_settime clock_settime64",
    ),
    _Group(
        "accounting",
        "changes or reads what belongs to the whole machine",
        "acct quotactl quotactl_fd syslog swapon swapoff vhangup fanotify_init",
    ),
    _Group("old calls", "obsolete, and seldom tested", "nfsservctl sysfs ustat uselib _sysctl"),
    _Group("chroot", "changes the root folder, part of old ways out", "chroot"),
)
_CLONE_FLAGS: Final = {
    "CLONE_NEWNS": 0x00020000,
    "CLONE_NEWCGROUP": 0x02000000,
    "CLONE_NEWUTS": 0x04000000,
    "CLONE_NEWIPC": 0x08000000,
    "CLONE_NEWUSER": 0x10000000,
    "CLONE_NEWPID": 0x20000000,
    "CLONE_NEWNET": 0x40000000,
}


def _is(number: int, value: int) -> Condition:
    return Condition(number, Comparison.MASKED_EQ, _INT, value)


def _by_argument(architecture: str) -> dict[str, tuple[Danger, ...]]:
    # On s390 the flags of clone are its second argument. Source: clone(2).
    flags = 1 if architecture in {"SCMP_ARCH_S390", "SCMP_ARCH_S390X"} else 0
    return {
        "socket": (
            Danger("sockets", "the kernel's cryptography, of CVE-2026-31431", _is(0, 38), "AF_ALG"),
            Danger("sockets", "sockets to the host of a virtual machine", _is(0, 40), "AF_VSOCK"),
        ),
        "ioctl": (
            Danger("terminal", "types into the terminal of somebody else", _is(1, 0x5412), "TIOCSTI"),
            Danger("terminal", "types into the terminal of somebody else", _is(1, 0x541C), "TIOCLINUX"),
        ),
        "clone": tuple(
            Danger(
                "namespaces",
                "makes new namespaces, in which the process is root",
                Condition(flags, Comparison.MASKED_EQ, bit, bit),
                flag,
            )
            for flag, bit in _CLONE_FLAGS.items()
        ),
        "personality": (
            Danger(
                "personality",
                "turns off the random layout of memory",
                Condition(0, Comparison.MASKED_EQ, 0x0040000, 0x0040000),
                "ADDR_NO_RANDOMIZE",
            ),
            Danger(
                "personality",
                "makes all that is readable executable",
                Condition(0, Comparison.MASKED_EQ, 0x0400000, 0x0400000),
                "READ_IMPLIES_EXEC",
            ),
        ),
    }


_ALWAYS: Final = {
    name: (Danger(group.name, group.reason),) for group in _GROUPS for name in group.calls.split()
}


def dangers_of(name: str, architecture: str) -> tuple[Danger, ...]:
    """What is dangerous about the call *name*; nothing about most."""
    return _ALWAYS.get(name) or _by_argument(architecture).get(name, ())


def groups() -> Mapping[str, tuple[str, ...]]:
    """The calls that are dangerous with any arguments, by group."""
    return {group.name: tuple(group.calls.split()) for group in _GROUPS}


_ASKS: Final = {
    "CAP_SYS_MODULE": "init_module finit_module delete_module create_module",
    "CAP_SYS_BOOT": "reboot kexec_load kexec_file_load",
    "CAP_SYS_ADMIN": (
        "mount umount umount2 pivot_root fsopen fsconfig fsmount fspick move_mount mount_setattr setns "
        "sethostname setdomainname swapon swapoff lookup_dcookie quotactl_fd"
    ),
    "CAP_SYS_ADMIN CAP_BPF": "bpf",
    "CAP_SYS_ADMIN CAP_PERFMON": "perf_event_open",
    "CAP_SYS_ADMIN CAP_SYSLOG": "syslog",
    "CAP_DAC_READ_SEARCH": "open_by_handle_at",
    "CAP_SYS_RAWIO": "iopl ioperm",
    "CAP_SYS_TIME": "settimeofday stime clock_settime clock_settime64",
    "CAP_SYS_PACCT": "acct",
    "CAP_SYS_TTY_CONFIG": "vhangup",
    "CAP_SYS_CHROOT": "chroot",
}


def asked_by_the_kernel(name: str) -> tuple[str, ...]:
    """The capabilities of which the kernel asks one for what is dangerous in *name*; empty if it asks none.

    A container may gain them for itself in a new user namespace where the machine lets it make one; some
    calls (bpf, perf_event_open, syslog) depend on a sysctl besides. So this is no reason to open a call.
    """
    return next((tuple(asked.split()) for asked, calls in _ASKS.items() if name in calls.split()), ())


_TRUNCATED: Final = {
    "socket": (0, 1, 2),
    "socketpair": (0, 1, 2),
    "ioctl": (0, 1),
    "fcntl": (0, 1),
    "personality": (0,),
    "clone": (0,),
    "prctl": (0,),
    "keyctl": (0,),
    "bpf": (0,),
    "setns": (0, 1),
    "seccomp": (0, 1),
    "setsockopt": (0, 1, 2),
    "getsockopt": (0, 1, 2),
    "syslog": (0,),
    "reboot": (0, 1, 2),
    "io_uring_setup": (0,),
    "io_uring_enter": (0, 1, 2, 3),
    "io_uring_register": (0, 1),
    "clock_settime": (0,),
    "open": (1,),
    "openat": (0, 2),
    "kill": (0, 1),
    "tgkill": (0, 1, 2),
    "setuid": (0,),
    "setgid": (0,),
    "madvise": (2,),
    "memfd_create": (1,),
    "userfaultfd": (0,),
    "quotactl": (0,),
    "kcmp": (0, 1, 2),
    "pidfd_getfd": (0, 1, 2),
}


def arguments_cut_off(name: str, architecture: str) -> tuple[int, ...]:
    """The arguments of *name* of which the kernel looks at the lower 32 bits only.

    Source: the kernel's SYSCALL_DEFINE of each, where the argument is an int; for clone, ``lower_32_bits``.
    """
    if name == "clone" and architecture == "SCMP_ARCH_S390X":
        return (1,)
    return _TRUNCATED.get(name, ())
