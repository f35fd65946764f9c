"""Replies as bytes of HTTP/1.1."""

from email.utils import formatdate
from http import HTTPStatus
from time import time
from typing import Final

from webhook.server.exchange import Reply

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"

_FIRST_LINES: Final = {status.value: f" {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}


def encoded(reply: Reply, *, version: str = "1.1", closes: bool, without_body: bool = False) -> bytes:
    """*reply* as it goes over the wire; *closes* announces the end of the connection."""
    lines = [
        b"HTTP/%b%bServer: seccomp-webhook\r\nDate: %b\r\nConnection: %b\r\n"
        % (
            version.encode(),
            _FIRST_LINES[reply.status],
            _date(int(time())),
            b"close" if closes else b"keep-alive",
        ),
        *(b"%b: %b\r\n" % (name.encode(), value.encode("latin-1")) for name, value in reply.headers),
        b"\r\n",
    ]
    return b"".join(lines) if without_body else b"".join([*lines, reply.body])


_last_date = (0, b"")


def _date(second: int) -> bytes:
    global _last_date  # noqa: PLW0603 - a cache of one entry, replaced as a whole
    cached, text = _last_date
    if cached != second:
        text = formatdate(second, usegmt=True).encode()
        _last_date = (second, text)
    return text
