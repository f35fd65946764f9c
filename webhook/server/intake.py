"""Reading the body of a request where Flask is served by a WSGI server, within limits of size and of memory.

The event loop has its own (``webhook.server.http.reader``). Time is the business of the WSGI server: where it
has a limit, a read that takes too long raises TimeoutError.
"""

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Final, Protocol

from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest

from webhook.server.exchange import FREE_OF_BODY, LARGEST_BODY, LINGER, Unread

_STEP: Final = 256 * 1024


class Readable(Protocol):
    """The input of a WSGI request."""

    def read(self, size: int, /) -> bytes:
        """At most *size* bytes, and none at the end."""
        ...


def body_in(stream: Readable, announced: int | None, take: Callable[[int], bool]) -> bytes | Unread:
    """The body in *stream*, of *announced* bytes where that is known, or why there is none.

    *take* is asked for room for all that goes beyond what every body may have.
    """
    parts: list[bytes] = []
    size = 0
    try:
        while announced is None or size < announced:
            part = stream.read(_STEP)
            if not part:
                break
            parts.append(part)
            size += len(part)
            if size > LARGEST_BODY:
                return Unread.TOO_LARGE
            if (asked := min(len(part), size - FREE_OF_BODY)) > 0 and not take(asked):
                return Unread.NO_ROOM
    except TimeoutError:
        return Unread.STALLED
    except (OSError, ParseException, BadRequest):
        return Unread.CUT_OFF
    if announced is not None and size < announced:
        return Unread.CUT_OFF
    return parts[0] if len(parts) == 1 else b"".join(parts)


def discard(stream: Readable) -> None:
    """Read on for a moment after an early answer: one that closes at once on a sender may never be seen."""
    until, left = monotonic() + LINGER, LARGEST_BODY
    with suppress(OSError, ParseException, BadRequest):
        while left > 0 and monotonic() < until and (more := stream.read(_STEP)):
            left -= len(more)
