"""The right reader for a text: as JSON, as plain YAML fast, or as any YAML exactly."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Final

from webhook.manifests import jsontext, plain
from webhook.manifests.document import Text, Value
from webhook.manifests.json_places import place_of
from webhook.manifests.jsontext import NotJson
from webhook.manifests.limits import OBJECT_BYTES, too_long
from webhook.manifests.malformed import Malformed
from webhook.manifests.places import Place
from webhook.manifests.plain_text import NotPlain

_SPACE: Final = " \t\n\r"
_LOOKS_LIKE_JSON: Final = re.compile(r'\s*\{\s*["}]')


def values(text: str, first_line: int = 1) -> Iterator[Value]:
    """The documents of *text*, which begins in *first_line* of its file.

    Raises Malformed where the next one is none, with a line that counts from 1 within *text*.
    """
    if text.lstrip(_SPACE).startswith("{"):
        yield from _json(text, first_line)
    else:
        yield from _yaml(text, first_line)


def _yaml(text: str, first_line: int) -> Iterator[Value]:
    if len(text) > OBJECT_BYTES:
        raise Malformed(1, too_long(OBJECT_BYTES))
    try:
        node = plain.read(text)
    except NotPlain:
        yield from _any_yaml(text, first_line)
        return
    if node.value is not None or text.startswith("---"):
        yield Value(node.value, first_line - 1 + node.line, Text(text, first_line, _place_in_plain))


def _any_yaml(text: str, first_line: int) -> Iterator[Value]:
    from webhook.manifests import exact  # noqa: PLC0415 - PyYAML is loaded where it is needed

    for index, node in enumerate(exact.documents(text)):
        find = partial(_place_in_any_yaml, index=index)
        yield Value(node.value, first_line - 1 + node.line, Text(text, first_line, find))


def _json(text: str, first_line: int) -> Iterator[Value]:
    count = 0
    try:
        for each in jsontext.documents(text):
            count += 1
            line = first_line - 1 + each.line
            yield Value(each.value, line, Text(each.text, line, place_of))
    except NotJson as error:
        yield from _instead_of_json(text, first_line, count, error)


def _instead_of_json(text: str, first_line: int, count: int, error: NotJson) -> Iterator[Value]:
    """The documents of a text that begins with a brace and is no JSON after *count* values: it may be YAML.

    ``{a: b}`` is, and ``{"a": 1} # comment`` is one document of YAML whose value was read as JSON already.
    Raises Malformed: *error* for what looks like JSON.
    """
    if count > 1 or len(text) > OBJECT_BYTES:
        raise error
    try:
        found = list(_any_yaml(text, first_line))
    except Malformed:
        if count or _LOOKS_LIKE_JSON.match(text):
            raise error from None
        raise
    if count == 0:
        yield from found
    elif len(found) > 1:
        raise error


def _place_in_plain(text: str) -> Place:
    node = plain.read(text, with_places=True)
    return Place(node.line, node.inside)


def _place_in_any_yaml(text: str, index: int) -> Place:
    from webhook.manifests import exact  # noqa: PLC0415 - as above

    node = next(islice(exact.documents(text, with_places=True), index, None))
    return Place(node.line, node.inside)
