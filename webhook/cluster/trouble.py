"""What an exception of the network says to people: libraries wrap the cause in layers."""

import ssl
from collections.abc import Iterator
from http.client import IncompleteRead, RemoteDisconnected
from typing import Final

from urllib3 import exceptions as urllib3

_LONGEST: Final = 512

# Those that tell most come first; the others are often wrapped around them.
_WORDS: Final[tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...]] = (
    (ConnectionRefusedError, "connection refused: nothing listens at {server}"),
    (urllib3.NameResolutionError, "the name in {server} cannot be resolved"),
    (ssl.SSLCertVerificationError, "the certificate of {server} is not trusted: {detail}"),
    (urllib3.ReadTimeoutError, "no answer from {server} in time"),
    ((urllib3.ConnectTimeoutError, TimeoutError), "no connection to {server} in time"),
    ((ConnectionError, IncompleteRead, RemoteDisconnected), "{server} cut the connection"),
    ((ssl.SSLError, urllib3.SSLError), "no TLS with {server}: {detail}"),
)


def trouble(server: str, error: BaseException) -> str:
    """Why there was no answer from *server*."""
    causes = tuple(_causes(error))
    detail = _detail(causes[-1])
    for kinds, words in _WORDS:
        if any(isinstance(cause, kinds) for cause in causes):
            return words.format(server=server, detail=detail)
    return f"cannot talk to {server}: {detail}"


def was_cut_before_an_answer(error: BaseException) -> bool:
    """Whether a connection that had been idle was closed just as a request went out on it."""
    kinds = (ConnectionResetError, BrokenPipeError, urllib3.ClosedPoolError)
    return any(isinstance(cause, kinds) for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """*error* and all that it is made of, outermost first."""
    seen: set[int] = set()
    rest = [error]
    while rest:
        each = rest.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        rest += [cause for cause in inner if isinstance(cause, BaseException)]


def _detail(innermost: BaseException) -> str:
    said = getattr(innermost, "verify_message", "") or getattr(innermost, "strerror", "") or str(innermost)
    return str(said or type(innermost).__name__)[:_LONGEST]
