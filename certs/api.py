"""The API server, asked one thing at a time, and its clock.

The official client knows who we are and where the server is; it is imported when the first thing is asked.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from certs.places import Failure

if TYPE_CHECKING:
    from kubernetes.client import ApiClient
    from urllib3.response import BaseHTTPResponse

JSON: Final = "application/json"
APPLY: Final = "application/apply-patch+yaml"
_TIMEOUT: Final = 10.0
_LONGEST: Final = 512
_TOLERATED: Final = timedelta(minutes=4)
"""Certificates are valid 5 minutes before they are made."""


class _Request(NamedTuple):
    method: str
    path: str
    wanted: str
    body: Any = None
    kind: str = JSON


Connect = Callable[[], "ApiClient"]


class Unanswered(Failure):
    """The API server did not do what it was asked for; ``status`` is that of HTTP, 0 without an answer."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.status = status


class Api:
    """The API server that *connect* finds; *clock* tells the time here."""

    def __init__(self, connect: Connect, clock: Callable[[], datetime]) -> None:
        self._connect = connect
        self._clock = clock
        self._lock = Lock()
        self._client: ApiClient | None = None
        self._ahead: timedelta | None = None

    def client(self) -> "ApiClient":
        """The official client, with credentials as they are now. Raises Unanswered."""
        with self._lock:
            if self._client is None:
                try:
                    self._client = self._connect()
                except Exception as error:  # the loaders raise whatever a file makes them stumble on
                    raise Unanswered(f"no credentials for the API server: {_said(error)}") from error
            return self._client

    def ask(self, method: str, path: str, wanted: str, body: Any = None, kind: str = JSON) -> Any:  # noqa: ANN401 - JSON
        """The answer to one request. *wanted* names the permission that it needs. Raises Unanswered."""
        response = self._sent(_Request(method, path, wanted, body, kind))
        self._ahead = self._difference(response)
        if response.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise self._refused(wanted, response)
        try:
            answer = json.loads(response.data)
        except (ValueError, RecursionError) as error:
            raise Unanswered(f"{wanted}: the answer is not JSON; is a proxy in the way?") from error
        if not isinstance(answer, dict):
            raise Unanswered(f"{wanted}: the answer is no object of Kubernetes; is a proxy in the way?")
        return answer

    @contextmanager
    def watch(self, path: str, wanted: str, silence: float) -> Iterator[Iterator[bytes]]:
        """The lines of a watch that ends after *silence* seconds without one. Raises Unanswered."""
        response = self._sent(_Request("GET", path, wanted), silence)
        try:
            if response.status != HTTPStatus.OK:
                raise self._refused(wanted, response)
            yield _lines(response, wanted)
        finally:
            response.close()

    def clock_problem(self) -> str | None:
        """Why the clock here is not to be trusted, or None; known after the first answer."""
        ahead = self._ahead
        if ahead is None or abs(ahead) <= _TOLERATED:
            return None
        direction = "ahead of" if ahead > timedelta() else "behind"
        return (
            f"the clock here is {abs(ahead)} {direction} that of the API server: "
            "certificates made now would not be believed; set the clocks right"
        )

    def _sent(self, request: _Request, silence: float | None = None) -> "BaseHTTPResponse":
        client = self.client()
        configuration = client.configuration
        headers = {"Accept": JSON, "Content-Type": request.kind, "User-Agent": "seccomp-webhook-certificates"}
        try:
            if authorization := configuration.get_api_key_with_prefix("BearerToken"):
                headers["Authorization"] = authorization
            response: BaseHTTPResponse = client.rest_client.pool_manager.request(
                request.method,
                f"{configuration.host}{request.path}",
                body=None if request.body is None else json.dumps(request.body).encode(),
                headers=headers,
                timeout=silence or _TIMEOUT,
                retries=False,
                preload_content=silence is None,
            )
        except Exception as error:
            # Credentials may be what is wrong: files that are replaced, a plugin.
            self._forget(client)
            raise Unanswered(
                f"{request.wanted}: no answer from {configuration.host}: {_said(error)}"
            ) from error
        if response.status == HTTPStatus.UNAUTHORIZED:
            self._forget(client)
        return response

    def _forget(self, used: "ApiClient") -> None:
        with self._lock:
            if self._client is used:
                self._client = None

    def _difference(self, response: "BaseHTTPResponse") -> timedelta | None:
        try:
            return self._clock() - parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
        except (KeyError, ValueError, TypeError):
            return self._ahead

    def _refused(self, wanted: str, response: "BaseHTTPResponse") -> Unanswered:
        try:
            message = str(json.loads(response.data)["message"])
        except (ValueError, KeyError, TypeError):
            message = response.data.decode("utf-8", "replace").strip()
        if response.status == HTTPStatus.FORBIDDEN:
            words = f"missing permission: {wanted}"
        else:
            words = f"{wanted}: the API server answered {response.status}"
        return Unanswered(f"{words}: {message[:_LONGEST]}", response.status)


def _lines(response: "BaseHTTPResponse", wanted: str) -> Iterator[bytes]:
    rest = b""
    try:
        for block in response.stream(65536, decode_content=True):
            *lines, rest = (rest + block).split(b"\n")
            yield from filter(None, lines)
    except Exception as error:
        raise Unanswered(f"{wanted}: the watch was cut: {_said(error)}") from error


def _said(error: BaseException) -> str:
    innermost = error
    while isinstance(getattr(innermost, "reason", None), BaseException):
        innermost = innermost.reason  # type: ignore[attr-defined]  # just looked at
    return " ".join(str(innermost).split())[:_LONGEST] or type(innermost).__name__
