"""Asking the API server: bytes as they come, with a deadline on all of it."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from typing import Final

from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from webhook.cluster.access import Access, Connection, NoAccess
from webhook.cluster.answer import Answer
from webhook.cluster.failure import Failure, refused, too_late
from webhook.cluster.observer import Asking
from webhook.cluster.requests import Request
from webhook.cluster.trouble import trouble, was_cut_before_an_answer

_CONNECTING: Final = 3.0


class _NoGood(Failure):
    """A failure of what was kept, credentials or an idle connection: it is worth asking at once again."""


class Api:
    """The API server, through *access*; *clock* tells the time of deadlines."""

    def __init__(self, access: Access, clock: Callable[[], float], observer: Asking) -> None:
        self._access = access
        self._clock = clock
        self._observer = observer

    def fetch(self, request: Request, until: float) -> bytes:
        """The answer to *request*, all there before *until*. Raises Failure."""
        with self._answered(request, until, silence=None) as answer:
            return answer.body(self._clock, until)

    @contextmanager
    def follow(self, request: Request, until: float, silence: float) -> Iterator[Iterator[bytes]]:
        """The lines of an answer that begins before *until*, and ends where *silence* seconds bring nothing.

        Raises Failure, also in the block.
        """
        with self._answered(request, until, silence) as answer:
            yield answer.lines()

    @contextmanager
    def _answered(self, request: Request, until: float, silence: float | None) -> Iterator[Answer]:
        try:
            server, response = self._asked(request, until, silence)
        except _NoGood:
            server, response = self._asked(request, until, silence)
        # A connection whose answer was read to its end is back in the pool, and not closed here.
        with closing(response):
            yield Answer(request.wanted, server, response)

    def _asked(self, request: Request, until: float, silence: float | None) -> tuple[str, BaseHTTPResponse]:
        """The server and its answer, of which the head has come and is good. Raises Failure."""
        try:
            connection = self._access.connection()
        except NoAccess as error:
            raise Failure(f"{request.wanted}: {error}") from error
        left = until - self._clock()
        if left <= 0:
            raise too_late(request.wanted, connection.server)
        try:
            response = _get(connection, request, (min(_CONNECTING, left), silence or left))
        except (HTTPError, ApiException, OSError) as error:
            self._observer.asked(request.wanted, "none")
            raise self._unanswered(request, connection, error) from error
        self._observer.asked(request.wanted, str(response.status))
        if response.status == HTTPStatus.OK:
            return connection.server, response
        with closing(response):
            said = Answer(request.wanted, connection.server, response).body(self._clock, until)
        failure = refused(request.wanted, response.status, said, response.headers.get("Retry-After", ""))
        if response.status == HTTPStatus.UNAUTHORIZED:
            self._access.renew(connection)
            raise _NoGood(str(failure), status=failure.status)
        raise failure

    def _unanswered(self, request: Request, used: Connection, error: Exception) -> Failure:
        words = f"{request.wanted}: {trouble(used.server, error)}"
        if self._access.lost_files():
            self._access.renew(used)
            return _NoGood(words)
        return _NoGood(words) if was_cut_before_an_answer(error) else Failure(words)


def _get(connection: Connection, request: Request, timeouts: tuple[float, float]) -> BaseHTTPResponse:
    headers = {"Accept": request.accept, **connection.headers}
    asked = connection.client.request(  # type: ignore[no-untyped-call]  # the client left it untyped
        "GET", connection.server + request.path, headers=headers, _request_timeout=timeouts
    )
    response: BaseHTTPResponse = asked.response
    return response
