"""Requests and replies as values, whichever web server they come and go through."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final, NamedTuple

LARGEST_BODY: Final = 7 * 1024 * 1024
"""Bytes of a review: the API server takes objects of 3 MiB, and an update carries two."""

ROOM_FOR_BODIES: Final = 64 * 1024 * 1024
"""Bytes of all bodies together that are being read or decided."""
FREE_OF_BODY: Final = 64 * 1024
"""Bytes that every body may have without asking for room: small reviews never wait for large ones."""
LINGER: Final = 1.0
"""Seconds for which one is listened to who was answered before he had said all."""

_LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)

READ_HEADERS: Final = frozenset({"content-type", "content-length", "content-encoding", "transfer-encoding"})
"""Header fields that are looked at: those that describe the body."""

JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"


class Head(NamedTuple):
    """A request before its body. ``path`` is decoded; names of ``headers`` are in lower case.

    Of the headers, ``READ_HEADERS`` are looked at, and no others.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = {}

    @property
    def content_length(self) -> int | None:
        """The announced length of the body: 0 where there is none, None where it is not known beforehand."""
        if "transfer-encoding" in self.headers:
            return None
        announced = self.headers.get("content-length", "0")
        return int(announced) if _LENGTH.fullmatch(announced) else None


class Reply(NamedTuple):
    """An answer. ``closes`` asks to end the connection: the rest of an unread body may follow on it.

    ``reason`` is why nothing was done, in a word that can be counted.
    """

    status: int
    body: bytes
    content_type: str = TEXT
    allow: str = ""
    closes: bool = False
    reason: str = ""

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers to send, all but those that are the server's own."""
        headers = [("Content-Type", self.content_type), ("Content-Length", str(len(self.body)))]
        if self.allow:
            headers.append(("Allow", self.allow))
        return headers


def says(status: int, sentence: str, *, reason: str = "", allow: str = "", closes: bool = False) -> Reply:
    """An answer of one sentence."""
    return Reply(status, f"{sentence}\n".encode(), allow=allow, closes=closes, reason=reason)


class Unread(Enum):
    """Why there is no body to look at, and what is answered then."""

    TOO_LARGE = says(
        413, f"request entity is too large; limit is {LARGEST_BODY} bytes", reason="too_large", closes=True
    )
    STALLED = says(408, "the body of the request did not arrive in time", reason="stalled", closes=True)
    CUT_OFF = says(400, "unable to read the body from the incoming request", reason="cut_off", closes=True)
    NO_ROOM = says(503, "too many large requests at once; try again", reason="no_room", closes=True)

    @property
    def reply(self) -> Reply:
        """The answer."""
        return self.value
