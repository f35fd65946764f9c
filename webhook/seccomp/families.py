"""Calls that old architectures make through one number: socketcall for sockets, ipc for System V's objects.

Source: socketcall(2), ipc(2); linux/net.h (SYS_SOCKET and the like), linux/ipc.h (SEMOP and the like).
"""

from typing import Final

SOCKETCALL: Final = {
    name: number
    for number, name in enumerate(
        (
            "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair",
            "send", "recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg",
            "recvmsg", "accept4", "recvmmsg", "sendmmsg",
        ),
        start=1,
    )
}  # fmt: skip
"""By the name of the call, the first argument with which socketcall makes it."""

IPC: Final = {
    "semop": 1, "semget": 2, "semctl": 3, "semtimedop": 4, "msgsnd": 11, "msgrcv": 12, "msgget": 13,
    "msgctl": 14, "shmat": 21, "shmdt": 22, "shmget": 23, "shmctl": 24,
}  # fmt: skip
"""By the name of the call, the first argument with which ipc makes it."""

FAMILIES: Final = {"socketcall": SOCKETCALL, "ipc": IPC}
"""Each of the two calls, and the calls that it makes."""
