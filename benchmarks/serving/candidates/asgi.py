"""The bytes core as an ASGI application (ASGI specification, "HTTP & WebSocket" and "Lifespan")."""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, Final

from benchmarks.serving.candidates.product import Product
from webhook.server.exchange import LARGEST_BODY, Head, Unread

_READ: Final = frozenset((b"content-type", b"content-length", b"content-encoding", b"transfer-encoding"))
_Receive = Callable[[], Awaitable[dict[str, Any]]]
_Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], _Receive, _Send], Awaitable[None]]


def application(product: Product) -> App:
    """An application that answers in the event loop's own thread: a decision takes microseconds."""
    door = product.door

    async def app(scope: dict[str, Any], receive: _Receive, send: _Send) -> None:
        if scope["type"] == "lifespan":
            await _live(product, receive, send)
            return
        since = monotonic()
        headers = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in scope["headers"]
            if name in _READ
        }
        head = Head(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), headers)
        reply = door.reply(head, await _body(receive), since)
        answered = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers
        ]
        await send({"type": "http.response.start", "status": reply.status, "headers": answered})
        await send({"type": "http.response.body", "body": reply.body})

    return app


async def _body(receive: _Receive) -> bytes | Unread:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return Unread.CUT_OFF
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            return Unread.TOO_LARGE
        if not message.get("more_body"):
            return parts[0] if len(parts) == 1 else b"".join(parts)


async def _live(product: Product, receive: _Receive, send: _Send) -> None:
    await receive()
    product.follow()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
