"""A stream cut at its document separators, so that no more than a document is held at a time.

A line that begins with ``---`` ends whatever stands above it, be it a block scalar: so the cut is right
without parsing, and what is broken in one document cannot reach into the next.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from webhook.manifests.limits import DOCUMENT_BYTES

_SEPARATOR: Final = b"\n---"
_MAY_FOLLOW: Final = b" \t\r\n"
_OPENS_NO_CONTENT: Final = frozenset({b"", b"\r", b"\n", b"#", b"%"})


class Chunk(NamedTuple):
    """The text from one separator to the next, and the line where it begins; None where it is too long."""

    line: int
    data: bytes | None


def chunks(blocks: Iterator[bytes]) -> Iterator[Chunk]:
    """The chunks of the text that comes in *blocks*."""
    cutter = _Cutter()
    for block in blocks:
        yield from cutter.cut(block)
    yield from cutter.end()


class _Cutter:
    """The bytes that are not part of a chunk yet, and the line where they begin."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._searched = 0
        self._line = 1
        # The line where the chunk that is too long began, while that is passed over.
        self._skipped_from: int | None = None

    def cut(self, block: bytes) -> Iterator[Chunk]:
        """The chunks that *block* completes."""
        self._rest += block
        while (end := self._next_separator()) is not None:
            yield from self._chunk(end)
        self._searched = max(0, len(self._rest) - len(_SEPARATOR))
        if len(self._rest) > DOCUMENT_BYTES:
            if self._skipped_from is None:
                self._skipped_from = self._line
            self._drop(self._searched)

    def end(self) -> Iterator[Chunk]:
        """The chunks that end where the stream does."""
        if self._rest.endswith(_SEPARATOR):
            yield from self._chunk(len(self._rest) - len(_SEPARATOR) + 1)
        if self._skipped_from is not None:
            yield Chunk(self._skipped_from, None)
        elif self._rest:
            yield Chunk(self._line, bytes(self._rest))

    def _next_separator(self) -> int | None:
        """Where the next chunk begins, if what came so far says so."""
        place = self._rest.find(_SEPARATOR, self._searched)
        while place >= 0:
            after = self._rest[place + len(_SEPARATOR) : place + len(_SEPARATOR) + 1]
            if after and after in _MAY_FOLLOW:
                return place + 1
            place = self._rest.find(_SEPARATOR, place + 1)
        return None

    def _chunk(self, end: int) -> Iterator[Chunk]:
        """The chunk that ends at *end*, without the directives there, which belong to what follows."""
        if self._skipped_from is not None:
            cut = end
            yield Chunk(self._skipped_from, None)
        else:
            cut = _begin_of_directives(self._rest, end)
            if cut:
                yield Chunk(self._line, bytes(self._rest[:cut]))
        self._drop(cut)
        self._skipped_from = None
        self._searched = end - cut

    def _drop(self, end: int) -> None:
        self._line += self._rest.count(b"\n", 0, end)
        del self._rest[:end]
        self._searched = 0


def _begin_of_directives(text: bytearray, end: int) -> int:
    """Where the directives begin that *text* ends with at *end*, after nothing or a line of ``...``."""
    if not text.startswith(b"%") and text.find(b"\n%", 0, end) < 0:
        return end
    begin, directives = end, False
    for line in reversed(bytes(text[:end]).splitlines(keepends=True)):
        if line.startswith(b"..."):
            break
        if line.lstrip(b" \t")[:1] not in _OPENS_NO_CONTENT:
            return end
        directives = directives or line.startswith(b"%")
        begin -= len(line)
    return begin if directives else end
