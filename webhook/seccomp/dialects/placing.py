"""Where in a file something stands of which only the path is known."""

import re
from collections.abc import Callable
from typing import Final

from webhook.seccomp.dialects.go_types import folded
from webhook.seccomp.dialects.lines import lines_of
from webhook.seccomp.dialects.text import Kind, Member, Value, values_of
from webhook.seccomp.profile import Place

_STEP: Final = re.compile(r"([^.\[\]]+)|\[([0-9]{1,9})\]")


def place_of(document: bytes, path: str) -> Place:
    """The place of *path* (``architectures[1]``) in *document*, or of as much of it as is there.

    Keys match without regard to case, and the last of several counts. Raises Unreadable where *document* is
    no JSON.
    """
    return places_in(document)(path)


def places_in(document: bytes) -> Callable[[str], Place]:
    """As ``place_of``, for many paths in one document."""
    root, line_of = values_of(document), lines_of(document)

    def place_of_path(path: str) -> Place:
        value, offset = root, root.offset
        for key, index in _STEP.findall(path):
            found = _member(value, key) if key else _element(value, int(index))
            if found is None:
                break
            offset, value = found
        return Place(line_of(offset), path)

    return place_of_path


def _member(value: Value, key: str) -> tuple[int, Value] | None:
    members: list[Member] = value.content if value.kind is Kind.OBJECT else []
    for member in reversed(members):
        if folded(member.key) == folded(key):
            return member.offset, member.value
    return None


def _element(value: Value, index: int) -> tuple[int, Value] | None:
    elements: list[Value] = value.content if value.kind is Kind.ARRAY else []
    return (elements[index].offset, elements[index]) if index < len(elements) else None
