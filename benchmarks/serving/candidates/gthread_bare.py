"""The bytes core as a WSGI short cut in front of Flask, under gunicorn's worker with threads."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from benchmarks.serving.candidates.candidate import in_python

if TYPE_CHECKING:
    from webhook.server.door import Door

_Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def short_cut(door: "Door", flask: _Wsgi) -> _Wsgi:
    """An application that answers reviews of a known length itself, and leaves all else to *flask*."""
    from webhook.server.application import head_of  # noqa: PLC0415 - only where it serves

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/validate":
            return flask(environ, start_response)
        head = head_of(environ)
        if door.refusal(head) is not None or not (length := head.content_length):
            return flask(environ, start_response)
        reply = door.reply(head, environ["wsgi.input"].read(length), monotonic())
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", reply.headers)
        return (reply.body,)

    return app


def _serve(folder: Path, port: int) -> None:
    from benchmarks.serving.candidates.product import product  # noqa: PLC0415 - only where it serves
    from benchmarks.serving.candidates.under_gthread import serve  # noqa: PLC0415 - as above
    from webhook.server.application import application  # noqa: PLC0415 - as above

    made = product(folder)
    serve(short_cut(made.door, application(made.door)), made, port)


CANDIDATE = in_python("gthread-bare", _serve)
