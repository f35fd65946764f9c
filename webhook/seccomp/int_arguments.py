"""Which arguments the kernel reads as 32 bits: what is above them passes a comparison and means nothing.

Source: the SYSCALL_DEFINE declarations of Linux 6.12, of the calls that profiles put conditions on. The
flags of clone are declared wider, and modes of files narrower: no more than the lower half counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

_ARGUMENTS: Final[Mapping[str, str]] = {
    "accept": "0", "accept4": "0 3", "arch_prctl": "0", "bind": "0 2", "bpf": "0 2", "chmod": "1",
    "chown": "1 2", "clock_adjtime": "0", "clock_settime": "0", "clock_settime64": "0", "clone": "0",
    "close": "0", "connect": "0 2", "dup": "0", "dup2": "0 1", "dup3": "0 1 2", "epoll_create1": "0",
    "epoll_ctl": "0 1 2", "eventfd2": "0 1", "faccessat": "0 2", "faccessat2": "0 2 3",
    "fanotify_init": "0 1", "fchmod": "0 1", "fchmodat": "0 2", "fchmodat2": "0 2 3", "fchown": "0 1 2",
    "fchownat": "0 2 3 4", "fcntl": "0 1", "fcntl64": "0 1", "fsconfig": "0 1 4", "fsmount": "0 1 2",
    "fsopen": "1", "fspick": "0 2", "futex": "1 2 5", "futex_time64": "1 2 5", "getsockopt": "0 1 2",
    "inotify_init1": "0", "io_uring_enter": "0 1 2 3", "io_uring_register": "0 1 3",
    "io_uring_setup": "0", "ioctl": "0 1", "iopl": "0", "ioprio_set": "0 1 2", "kcmp": "0 1 2",
    "keyctl": "0", "kill": "0 1", "linkat": "0 2 4", "listen": "0 1", "lseek": "0 2", "madvise": "2",
    "memfd_create": "1", "mkdir": "1", "mkdirat": "0 2", "mknod": "1 2", "mknodat": "0 2 3",
    "mlock2": "2", "mlockall": "0", "modify_ldt": "0", "mount_setattr": "0 2", "move_mount": "0 2 4",
    "open": "1 2", "open_by_handle_at": "0 2", "open_tree": "0 2", "openat": "0 2 3",
    "perf_event_open": "1 2 3", "personality": "0", "pidfd_getfd": "0 1 2", "pidfd_open": "0 1",
    "pidfd_send_signal": "0 1 3", "pipe2": "1", "prctl": "0", "prlimit64": "0 1",
    "process_madvise": "0 3 4", "quotactl": "0 2", "reboot": "0 1 2", "recvfrom": "0 3",
    "recvmsg": "0 2", "renameat2": "0 2 4", "sched_setscheduler": "0 1", "seccomp": "0 1",
    "semctl": "0 1 2", "semget": "0 1 2", "sendmsg": "0 2", "sendto": "0 3 5", "setfsgid": "0",
    "setfsuid": "0", "setgid": "0", "setns": "0 1", "setpriority": "0 1 2", "setregid": "0 1",
    "setresgid": "0 1 2", "setresuid": "0 1 2", "setreuid": "0 1", "setrlimit": "0",
    "setsockopt": "0 1 2 4", "setuid": "0", "shmat": "0 2", "shmctl": "0 1", "shmget": "0 2",
    "shutdown": "0 1", "signalfd4": "0 3", "socket": "0 1 2", "socketpair": "0 1 2", "splice": "0 2 5",
    "statx": "0 2 3", "swapon": "1", "syslog": "0 2", "tgkill": "0 1 2", "timerfd_create": "0 1",
    "tkill": "0 1", "umask": "0", "umount2": "1", "unlinkat": "0 2", "userfaultfd": "0",
    "waitid": "0 1 3", "wait4": "0 2",
}  # fmt: skip

INT_ARGUMENTS: Final[Mapping[str, frozenset[int]]] = {
    name: frozenset(map(int, numbers.split())) for name, numbers in _ARGUMENTS.items()
}
"""The numbers of the arguments that are 32 bits wide, by the name of the call; of others nothing is known."""


def calls_with_int(names: Iterable[str], number: int) -> Iterator[str]:
    """Those of *names* of which the kernel is known to read only the lower 32 bits of argument *number*."""
    return (name for name in dict.fromkeys(names) if number in INT_ARGUMENTS.get(name, ()))
