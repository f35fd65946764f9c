"""Bytes of a connection in, requests out, within limits of size. No socket here, and no time.

What HTTP allows is httptools' business (the parser of Node.js, llhttp, in its strict mode); how much of it
is taken is ours. Source: RFC 9112, "HTTP/1.1".
"""

from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from webhook.server.exchange import LARGEST_BODY, READ_HEADERS, Head, Reply, Unread, says

LARGEST_HEAD: Final = 32 * 1024
"""Bytes of the first line and the header fields together; the API server sends some hundreds.

As many may come after the body, or between two chunks of it: the parser keeps the fields of a trailer, and
adding to one costs more the longer it is.
"""
LONGEST_LINE: Final = 2048
MOST_FIELDS: Final = 64

# What chunks may cost beside what is in them.
_LARGEST_MESSAGE: Final = 2 * LARGEST_BODY + LARGEST_HEAD

_NO_HTTP: Final = says(400, "this is no request in HTTP/1.1", reason="not_http", closes=True)
_LONG_LINE: Final = says(414, "the address of the request is too long", reason="head_too_large", closes=True)
_LARGE_HEAD: Final = says(
    431, "the header fields of the request are too large", reason="head_too_large", closes=True
)


class Began(NamedTuple):
    """The head of a request. ``keeps`` says whether the connection outlives it."""

    head: Head
    keeps: bool
    version: str
    expects_continue: bool


class Ended(NamedTuple):
    """The body of the request that began last, or why there is none."""

    body: bytes | Unread


class Broken(NamedTuple):
    """What came is no request: it is answered with this, and nothing after it can be understood."""

    reply: Reply


Event = Began | Ended | Broken


class Reader:
    """Reads one connection. ``held`` are the bytes of the body that has come so far."""

    def __init__(self) -> None:
        self._parser = HttpRequestParser(self)
        self._events: list[Event] = []
        self._over = False
        self.on_message_begin()
        self._in_message = False

    @property
    def held(self) -> int:
        """Bytes in memory of a body that has not ended."""
        return len(self._whole) + len(self._body)

    @property
    def in_message(self) -> bool:
        """Whether a request has begun and not ended."""
        return self._in_message

    def feed(self, data: bytes) -> list[Event]:
        """What *data*, the next bytes of the connection, begins and ends. After Broken, nothing."""
        if self._over:
            return []
        self._came += len(data)
        self._beside += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._break(_NO_HTTP)
        if self._in_message and not self._over:
            if self._beside > LARGEST_HEAD:
                self._break(_LARGE_HEAD)
            elif self._came > _LARGEST_MESSAGE:
                self._cut(Unread.TOO_LARGE)
        # Bodies are kept by nobody but who looks at them.
        events, self._events = self._events, []
        return events

    def on_message_begin(self) -> None:
        """Called by the parser, as all that follow."""
        self._in_message = self._in_head = True
        # Bytes of the message, and those since a part of its body.
        self._came = self._beside = 0
        self._url = b""
        self._fields: dict[str, str] = {}
        self._number = self._size = 0
        self._expects = False
        self._body = bytearray()
        self._whole = b""

    def on_url(self, part: bytes) -> None:
        """The next part of the request's target."""
        self._url += part
        if len(self._url) > LONGEST_LINE:
            self._break(_LONG_LINE)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header field; after the body, a field of the trailer, which says nothing here."""
        if self._over:
            return
        self._number += 1
        self._size += len(name) + len(value)
        if self._number > MOST_FIELDS or self._size > LARGEST_HEAD:
            self._break(_LARGE_HEAD)
            return
        if not self._in_head:
            return
        field = name.decode("latin-1").lower()
        if field in READ_HEADERS:
            before = self._fields.get(field)
            text = value.decode("latin-1").rstrip(" \t")
            self._fields[field] = text if before is None else f"{before},{text}"
        elif field == "expect":
            self._expects = value.lower() == b"100-continue"

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head = False
        if self._over:
            return
        parser = self._parser
        version = parser.get_http_version()
        target = _target(self._url)
        if target is None or parser.should_upgrade() or not self._is_framed_in(version):
            self._break(_NO_HTTP)
            return
        path, query = target
        head = Head(parser.get_method().decode("latin-1"), path, query, self._fields)
        self._events.append(Began(head, parser.should_keep_alive(), version, self._expects))

    def _is_framed_in(self, version: str) -> bool:
        """Whether the end of the body is known in this *version*, and the body is what is sent."""
        if version == "1.0":
            # RFC 9110, section 10.1.1, and RFC 9112, section 6.1: neither was known then.
            self._expects = False
            return "transfer-encoding" not in self._fields
        return version == "1.1" and self._fields.get("transfer-encoding", "chunked").lower() == "chunked"

    def on_body(self, part: bytes) -> None:
        """The next part of the body."""
        self._beside = 0
        if self._over:
            return
        if self.held + len(part) > LARGEST_BODY:
            self._cut(Unread.TOO_LARGE)
        elif not self.held:
            # Most bodies come in one part, which is kept as it is.
            self._whole = part
        else:
            self._body += self._whole
            self._body += part
            self._whole = b""

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._in_message = False
        if not self._over:
            self._events.append(Ended(self._whole or bytes(self._body)))
            self._whole, self._body = b"", bytearray()
            self._came = 0

    def _break(self, reply: Reply) -> None:
        if not self._over:
            self._over = True
            self._in_message = False
            self._events.append(Broken(reply))

    def _cut(self, why: Unread) -> None:
        self._over = True
        self._in_message = False
        self._events.append(Ended(why))


def _target(url: bytes) -> tuple[str, str] | None:
    """Path, decoded, and query of a request's target, or None where it has none."""
    if not url.startswith(b"/"):
        try:
            split = urlsplit(url)
        except ValueError:
            return None
        if split.scheme not in {b"http", b"https"}:
            return None
        return _decoded(split.path or b"/"), split.query.decode("latin-1")
    path, _, query = url.partition(b"?")
    return _decoded(path), query.partition(b"#")[0].decode("latin-1")


def _decoded(path: bytes) -> str:
    return (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1")
