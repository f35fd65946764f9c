"""The Flask application: a complete webhook under any WSGI server.

Flask routes, reads and sends; what is answered is decided in ``webhook.server.door``.
"""

from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import Any, Final

from flask import Flask, Response, request

from webhook.server.capacity import Room
from webhook.server.door import Door
from webhook.server.exchange import ROOM_FOR_BODIES, Head, Reply, Unread
from webhook.server.intake import body_in, discard

_READ: Final = {
    "content-type": "CONTENT_TYPE",
    "content-length": "CONTENT_LENGTH",
    "content-encoding": "HTTP_CONTENT_ENCODING",
    "transfer-encoding": "HTTP_TRANSFER_ENCODING",
}
"""Where WSGI has the headers that a ``Head`` is made of."""


def application(door: Door) -> Flask:
    """The application through which *door* is reached."""
    app = Flask("webhook", static_folder=None)
    # A path is what it says: no redirects to a tidier one.
    app.url_map.merge_slashes = False
    room = Room(ROOM_FOR_BODIES)

    def answered() -> Response:
        return _answered(door, room)

    for path, route in door.routes.items():
        app.add_url_rule(
            path, path, answered, methods=route.methods, provide_automatic_options=False, strict_slashes=True
        )
    for status in (404, 405):
        app.register_error_handler(status, lambda _error: answered())
    return app


def _answered(door: Door, room: Room) -> Response:
    since = monotonic()
    environ = request.environ
    head = head_of(environ)
    with room.share() as take:
        body: bytes | Unread = b""
        if door.refusal(head) is None and head.content_length != 0:
            body = body_in(request.stream, head.content_length, take)
        reply = door.reply(head, body, since)
    return _response(reply, head)


def head_of(environ: dict[str, Any]) -> Head:
    """The head of the request in a WSGI environment."""
    return Head(
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        {name: environ[key] for name, key in _READ.items() if key in environ},
    )


def _response(reply: Reply, head: Head) -> Response:
    phrase = HTTPStatus(reply.status).phrase
    response = Response(reply.body, f"{reply.status} {phrase}", reply.headers)
    if reply.closes and head.content_length != 0:
        response.call_on_close(partial(discard, request.stream))
    return response
