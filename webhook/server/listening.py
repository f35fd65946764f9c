"""The address that is listened at."""

import socket

from gunicorn.sock import BaseSocket

from webhook.server.journal import Journal, Message, now
from webhook.server.options import CannotServe


def refuse_a_taken_port(address: str, port: int) -> None:
    """Raise CannotServe where one cannot listen: gunicorn would try for five seconds, telling each time."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        socket.create_server((address, port), family=family).close()
    except OSError as error:
        why, _, _ = str(error.strerror).partition(" (while attempting")
        raise CannotServe(f"{address} port {port}: {why}") from error


def say_where(listener: BaseSocket, journal: Journal) -> int:
    """Write the line by which others learn the port, and return the port."""
    address, port, *_ = listener.getsockname()
    url = f"https://[{address}]:{port}" if ":" in address else f"https://{address}:{port}"
    journal.write(Message(now(), "info", "listening", url, address=address, port=port))
    return int(port)
