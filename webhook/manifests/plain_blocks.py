"""Texts of several lines in plain block YAML: literal (``|``) and folded (``>``)."""

import re
from itertools import islice
from typing import Final, NamedTuple

from webhook.manifests.plain_text import NotPlain, is_plain_text

_BREAK: Final = re.compile(r"\n(\n*)")
_NO_FOLD: Final = re.compile(r"^[ \t]", re.MULTILINE)


class Style(NamedTuple):
    """How a text is written: folded or literal, and what becomes of its last line breaks (``-``, ``+``)."""

    is_folded: bool
    chomping: str


def text_below(lines: list[str], start: int, column: int, style: Style) -> tuple[str, int]:
    """The text at *start* in *lines*, below what stands in *column*; and its length in lines.

    Raises NotPlain.
    """
    first = next((line for line in islice(lines, start, None) if line), "")
    margin = len(first) - len(first.lstrip(" "))
    if margin <= column or first[margin:][:1] in {"", "\t"}:
        raise NotPlain
    content: list[str] = []
    for line in islice(lines, start, len(lines) - 1):
        if line[:margin].strip(" "):
            break
        content.append(line[margin:])
    else:
        if lines[-1]:
            raise NotPlain
    written = "\n".join(content)
    if not is_plain_text(written.replace("\n", "").replace("\t", "")):
        raise NotPlain
    body = written.rstrip("\n")
    ending = {"": "\n", "-": "", "+": written[len(body) :] + "\n"}[style.chomping]
    return (_folded(body) if style.is_folded else body) + ending, len(content)


def _folded(body: str) -> str:
    """*body* with its line breaks folded. Raises NotPlain for lines that begin with spaces: they are not."""
    if _NO_FOLD.search(body) or body.startswith("\n"):
        raise NotPlain
    return _BREAK.sub(lambda found: found[1] or " ", body)
