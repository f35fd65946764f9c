"""The right reader for a text: as JSON, as plain YAML fast, or as any YAML exactly."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

from webhook.manifests import jsontext, plain
from webhook.manifests.json_places import place_of
from webhook.manifests.jsontext import NotJson
from webhook.manifests.limits import OBJECT_BYTES, too_long
from webhook.manifests.malformed import Malformed
from webhook.manifests.places import Place
from webhook.manifests.plain_text import NotPlain

_SPACE: Final = " \t\n\r"
_LOOKS_LIKE_JSON: Final = re.compile(r'\s*\{\s*["}]')

Finder = Callable[[str], Place]


class Value(NamedTuple):
    """The content of a document, the line where it begins, and how its places are found in ``text``.

    Lines are those of the text that it was read from; those that ``find`` finds are those of ``text``, which
    begins in ``first_line``.
    """

    line: int
    content: Any
    text: str
    first_line: int
    find: Finder


def values(text: str) -> Iterator[Value]:
    """The documents of *text*, lines counting from 1. Raises Malformed where the next one is none."""
    if text.lstrip(_SPACE).startswith("{"):
        yield from _json(text)
    else:
        yield from _yaml(text)


def _yaml(text: str) -> Iterator[Value]:
    if len(text) > OBJECT_BYTES:
        raise Malformed(1, too_long(OBJECT_BYTES))
    try:
        node = plain.read(text)
    except NotPlain:
        yield from _any_yaml(text)
        return
    if node.value is not None or text.startswith("---"):
        yield Value(node.line, node.value, text, 1, _place_in_plain)


def _any_yaml(text: str) -> Iterator[Value]:
    from webhook.manifests import exact  # noqa: PLC0415 - PyYAML is loaded where it is needed

    for index, node in enumerate(exact.documents(text)):
        yield Value(node.line, node.value, text, 1, partial(_place_in_any_yaml, index=index))


def _json(text: str) -> Iterator[Value]:
    count = 0
    try:
        for each in jsontext.documents(text):
            count += 1
            yield Value(each.line, each.value, each.text, each.line, place_of)
    except NotJson as error:
        yield from _instead_of_json(text, count, Malformed(error.line, error.problem))


def _instead_of_json(text: str, count: int, malformed: Malformed) -> Iterator[Value]:
    """What begins with a brace may be YAML all the same, also where *count* JSON values and a comment are it.

    Raises Malformed: the one given, unless the text does not look like JSON at all.
    """
    if count > 1 or len(text) > OBJECT_BYTES:
        raise malformed
    try:
        found = list(_any_yaml(text))
    except Malformed:
        if count or _LOOKS_LIKE_JSON.match(text):
            raise malformed from None
        raise
    if count == 0:
        yield from found
    elif len(found) > 1:
        raise malformed


def _place_in_plain(text: str) -> Place:
    node = plain.read(text, with_places=True)
    return Place(node.line, node.inside)


def _place_in_any_yaml(text: str, index: int) -> Place:
    from webhook.manifests import exact  # noqa: PLC0415 - as above

    node = next(islice(exact.documents(text, with_places=True), index, None))
    return Place(node.line, node.inside)
