"""What goes wrong between us and the API server, in words that say what to do about it."""

from http import HTTPStatus
from typing import Final

import msgspec

from webhook.policy.pod import UNREADABLE

_LONGEST: Final = 512
# The position in the log of changes is as good as before: the API server is busy, or does not know us.
_KEEPS_POSITION: Final = frozenset({0, 401, 403, 408, 429, 503})
_LONGEST_WAIT: Final = 30.0


class Failure(Exception):
    """The API server did not give what it was asked for; the text says why.

    ``status`` is that of HTTP, 0 where there was no answer. ``wait`` is how many seconds the API server
    wants to be left alone.
    """

    def __init__(self, words: str, *, status: int = 0, wait: float = 0.0) -> None:
        super().__init__(words)
        self.status = status
        self.wait = wait

    @property
    def expired(self) -> bool:
        """Whether a list or watch can only be begun anew: 410 Gone, and whatever is unclear."""
        return self.status not in _KEEPS_POSITION


class _Status(msgspec.Struct):
    """The part of a ``meta/v1`` Status that is for people."""

    message: str = ""
    code: int = 0


_status = msgspec.json.Decoder(_Status)


def refused(wanted: str, status: int, body: bytes, retry_after: str = "") -> Failure:
    """The failure that an answer other than 200 to *wanted*, such as ``list namespaces``, is."""
    said = _said(body)
    if status == HTTPStatus.FORBIDDEN:
        words = f"missing permission: {wanted}"
    elif status == HTTPStatus.UNAUTHORIZED:
        words = f"{wanted}: the API server does not accept our credentials (401 Unauthorized)"
    else:
        words = f"{wanted}: the API server answered {_named(status)}"
    wait = float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else 0.0
    return Failure(f"{words}: {said}" if said else words, status=status, wait=min(wait, _LONGEST_WAIT))


def broken_off(wanted: str, event: bytes | msgspec.Raw) -> Failure:
    """The failure that a watch of *wanted* reports in its stream, as an object of the kind Status."""
    try:
        status = _status.decode(event)
    except UNREADABLE:
        status = _Status()
    return refused(wanted, status.code or 500, bytes(event))


def too_late(wanted: str, server: str) -> Failure:
    """The failure that an answer is for which there was no time."""
    return Failure(f"{wanted}: no answer from {server} in time")


def unreadable(wanted: str, problem: object) -> Failure:
    """The failure that an answer is which cannot be read."""
    return Failure(f"{wanted}: the answer is not what the API defines: {problem}", status=500)


def _said(body: bytes) -> str:
    try:
        return _status.decode(body).message[:_LONGEST]
    except UNREADABLE:
        return body[:_LONGEST].decode("utf-8", "replace").strip()


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
