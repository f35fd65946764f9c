"""Free ports on loopback, outside of the range from which the kernel takes those of outgoing connections."""

import random
import socket
from typing import Final

_RANGE: Final = range(20000, 32000)
_given: set[int] = set()


def free_port() -> int:
    """A port that nobody listens on and that this process has not been given yet."""
    for port in random.sample(_RANGE, len(_RANGE)):
        if port not in _given and _is_free(port):
            _given.add(port)
            return port
    raise OSError("no port is free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
