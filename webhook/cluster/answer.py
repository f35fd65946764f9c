"""An answer of the API server while it arrives: all of it before a deadline, or line by line for long."""

from collections.abc import Callable, Iterator
from typing import Final

from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse

from webhook.cluster.failure import Failure, too_late, unreadable
from webhook.cluster.trouble import trouble

_STEP: Final = 64 * 1024
# A page of 500 objects that are each as large as etcd takes would be more: nobody's honest work.
_LARGEST: Final = 256 * 1024 * 1024
_LONGEST_LINE: Final = 8 * 1024 * 1024


class Answer:
    """The answer of *server* to the question for *wanted*."""

    def __init__(self, wanted: str, server: str, response: BaseHTTPResponse) -> None:
        self._wanted = wanted
        self._server = server
        self._response = response

    def body(self, clock: Callable[[], float], until: float) -> bytes:
        """All of it, if it is there before *until* on *clock*. Raises Failure."""
        body = bytearray()
        while part := self._part():
            body += part
            if len(body) > _LARGEST:
                raise unreadable(self._wanted, f"it has more than {_LARGEST} bytes")
            if clock() > until:
                raise too_late(self._wanted, self._server)
        return bytes(body)

    def lines(self) -> Iterator[bytes]:
        """Every line as soon as it is there, until the server ends, or sends nothing for too long.

        Raises Failure where the server did not end but was lost.
        """
        begun = b""
        while part := self._part(or_silence=True):
            *lines, begun = (begun + part).split(b"\n")
            yield from filter(None, lines)
            if len(begun) > _LONGEST_LINE:
                raise unreadable(self._wanted, f"a line has more than {_LONGEST_LINE} bytes")

    def _part(self, *, or_silence: bool = False) -> bytes:
        """What has arrived, nothing at the end."""
        try:
            return self._response.read1(_STEP, decode_content=False)
        except ReadTimeoutError as error:
            if or_silence:
                return b""
            raise too_late(self._wanted, self._server) from error
        except (HTTPError, OSError, ValueError) as error:
            raise Failure(f"{self._wanted}: {trouble(self._server, error)}") from error
