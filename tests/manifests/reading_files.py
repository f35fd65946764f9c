"""Files to be read, written for a test."""

from collections.abc import Callable
from pathlib import Path

from webhook.manifests import Document, Unreadable, read

Read = Callable[[str | bytes], tuple[list[Document], list[Unreadable]]]


def read_apart(*paths: object) -> tuple[list[Document], list[Unreadable]]:
    """The documents in *paths*, and what cannot be read there."""
    found = list(read([str(path) for path in paths]))
    return [each for each in found if isinstance(each, Document)], [
        each for each in found if isinstance(each, Unreadable)
    ]


def reader_in(folder: Path) -> Read:
    """Reads a text as the file ``f.yaml`` that is named."""

    def read_text(text: str | bytes) -> tuple[list[Document], list[Unreadable]]:
        file = folder / "f.yaml"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_apart(file)

    return read_text
