"""Bytes to text: UTF-8, or UTF-16 where a byte order mark says so, as kubectl reads files."""

import codecs
import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from webhook.manifests.malformed import Malformed

_LONGEST_MARK: Final = 4
_UTF_32: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF_16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# A return before it is a line's end of its own: what is left of both must not come to be one.
_LINE_END_OF_DOS: Final = re.compile("(?<!\r)\r\n")


def as_utf8(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """*blocks* in UTF-8, without a byte order mark. Raises Malformed."""
    first = b""
    while len(first) < _LONGEST_MARK and (block := next(blocks, b"")):
        first += block
    if first.startswith(_UTF_32):
        raise Malformed(1, "this is UTF-32: save it as UTF-8")
    encoding = _UTF_16.get(first[:2])
    if encoding is not None:
        return _recoded(chain([first[2:]], blocks), encoding)
    return chain([first.removeprefix(codecs.BOM_UTF8)], blocks)


def _recoded(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    try:
        for block in blocks:
            text = decoder.decode(block)
            line += text.count("\n")
            yield text.encode()
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Malformed(line, "this begins as UTF-16, but is none here: save it as UTF-8") from error


def text_of(data: bytes) -> str:
    """*data* as text, its lines ending in line feeds alone. Raises Malformed."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        raise Malformed(line, f"the byte 0x{byte:02x} is no UTF-8: save the file as UTF-8") from error
    return _LINE_END_OF_DOS.sub("\n", text) if "\r" in text else text
