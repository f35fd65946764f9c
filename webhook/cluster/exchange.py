"""One request to the API server, with a body or without, and its answer as it is."""

import json
from collections.abc import Mapping
from contextlib import closing
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import msgspec
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from webhook.cluster.access import Access, NoAccess
from webhook.cluster.failure import Failure, refused
from webhook.cluster.trouble import trouble

MERGE: Final = "application/merge-patch+json"
APPLY: Final = "application/apply-patch+yaml"
_LONGEST_CALL: Final = 15.0


class Reply(NamedTuple):
    """The status of HTTP, the body, the warnings, and the seconds that the server wants to be left alone."""

    code: int
    body: bytes
    warnings: tuple[str, ...] = ()
    retry_after: str = ""

    @property
    def message(self) -> str:
        """The words of the Status that the body is."""
        try:
            return str(json.loads(self.body).get("message", ""))
        except (ValueError, AttributeError):
            return self.body.decode("utf-8", "replace")


class Ask(NamedTuple):
    """A request for *wanted*, which names the permission that it needs: ``patch nodes``."""

    wanted: str
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    content: str = MERGE


def asked(access: Access, ask: Ask) -> Reply:
    """The answer to *ask*, whatever its status. Raises Failure.

    Credentials that the server does not accept are forgotten: the next request reads them anew.
    """
    try:
        connection = access.connection()
    except NoAccess as error:
        raise Failure(f"{ask.wanted}: {error}") from error
    headers = {"Accept": "application/json", "Content-Type": ask.content, **connection.headers}
    try:
        found = connection.client.request(  # type: ignore[no-untyped-call]  # the client left it untyped
            ask.method,
            connection.server + ask.path,
            headers=headers,
            body=ask.body,
            _request_timeout=_LONGEST_CALL,
        )
        with closing(found.response) as response:
            given = response.headers
            reply = Reply(
                response.status,
                response.read(),
                tuple(given.getlist("Warning")),
                given.get("Retry-After", ""),
            )
    except (HTTPError, ApiException, OSError) as error:
        if access.lost_files():
            access.renew(connection)
        raise Failure(f"{ask.wanted}: {trouble(connection.server, error)}") from error
    if reply.code == HTTPStatus.UNAUTHORIZED:
        access.renew(connection)
    return reply


def good(ask: Ask, reply: Reply) -> bytes:
    """The body of the *reply* to *ask*, if it is good. Raises Failure where not."""
    if reply.code < HTTPStatus.MULTIPLE_CHOICES:
        return reply.body
    said = msgspec.json.encode({"message": reply.message})
    raise refused(ask.wanted, reply.code, said, reply.retry_after)
