"""Plain block YAML, as most manifests are written, fast: whatever is not plain is left to the exact reader.

Manifests repeat their lines, so a line is taken apart once and remembered; what is left to do is to hang
its parts into the tree. Equal to the exact reader on all that is accepted, which a test holds. Why so, and
not by a library: ``docs/decisions/0002-reading-yaml.md``.
"""

from itertools import islice
from typing import Any, Final

from webhook.manifests.limits import DEPTH
from webhook.manifests.nodes import Node
from webhook.manifests.places import Place, Places
from webhook.manifests.plain_blocks import text_below
from webhook.manifests.plain_lines import Kind, is_empty, taken_apart, taken_apart_once
from webhook.manifests.plain_text import NotPlain

_SHORT: Final = 200  # lines that are worth remembering
# Looked up for every line, and faster as names of this module.
_VALUE: Final = Kind.VALUE
_NOTHING: Final = Kind.NOTHING
_COPY: Final = Kind.COPY
_SKIP: Final = Kind.SKIP


def read(  # noqa: C901, PLR0912, PLR0915 - one loop: a call for every step would take its time again
    text: str, *, with_places: bool = False
) -> Node:
    """The one document in *text*; lines count from 1. Raises NotPlain."""
    lines = text.split("\n")
    # A comment begins after a blank; ``---#`` begins a text.
    if lines[0].startswith("---") and not lines[0][3:4].strip() and is_empty(lines[0][3:]):
        lines[0] = ""
    # What holds the document itself is a mapping too, left of the first column.
    holder: dict[str, Any] = {"": None}
    places: Places = {"": Place(1)}
    here: Any = holder  # the innermost collection,
    there = places  # the places in it,
    column = -1  # where its keys or dashes stand,
    waiting: str | None = ""  # its last key, while that has no value,
    around: list[tuple[int, Any, Places]] = []  # and what is around it
    collection: Any
    inside: Places
    numbered = enumerate(lines, 1)
    for number, line in numbered:
        kind, indent, inner, key, value = taken_apart(line) if len(line) < _SHORT else taken_apart_once(line)
        if kind is _SKIP:
            continue
        if waiting is not None:
            if indent > column or (indent == column and inner is not None):
                if not around:
                    places[""] = Place(number)
                elif len(around) > DEPTH:
                    raise NotPlain
                around.append((column, here, there))
                here[waiting] = collection = {} if inner is None else []
                if with_places:
                    inside = {}
                    there[waiting] = Place(there[waiting].line, inside)
                    there = inside
                here = collection
                column = indent
            waiting = None
        while indent < column:
            column, here, there = around.pop()
        if inner is None:
            if type(here) is list:  # dashes may stand in the column of the key that they belong to
                column, here, there = around.pop()
            if indent != column or type(here) is list:
                raise NotPlain
        else:
            if indent != column or type(here) is not list:
                raise NotPlain
            inside = {}
            if with_places:
                there[len(here)] = Place(number, inside)
            if key is None:
                if kind is _COPY:
                    value = value.copy()
                elif kind is not _VALUE:
                    value, length = text_below(lines, number, column, value)
                    next(islice(numbered, length - 1, None))
                here.append(value)
                continue
            around.append((column, here, there))
            collection = {}
            here.append(collection)
            here = collection
            there = inside
            column = inner
        if key is None or key in here:
            raise NotPlain
        if with_places:
            there[key] = Place(number)
        if kind is _VALUE:
            here[key] = value
        elif kind is _NOTHING:
            here[key] = None
            waiting = key
        elif kind is _COPY:
            here[key] = value.copy()
        else:
            here[key], length = text_below(lines, number, column, value)
            next(islice(numbered, length - 1, None))
    return Node(places[""].line, holder[""], places[""].inside)
