"""``List`` objects cut into their items without being read whole: a dump of a cluster is one document."""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from webhook.manifests import jsontext, plain
from webhook.manifests.jsontext import NotJson
from webhook.manifests.malformed import Malformed
from webhook.manifests.plain_text import NotPlain
from webhook.policy.workload import KINDS


class Item(NamedTuple):
    """The text of one item, and the line where it begins; in YAML it is a list of this one item."""

    line: int
    text: str
    is_yaml: bool


class CutList(NamedTuple):
    """What a list says of itself, and its items."""

    frame: dict[str, Any]
    items: Iterator[Item]


_YAML_ITEMS: Final = re.compile(r"^items:[ ]*(?:#.*)?\n", re.MULTILINE)
_FIRST_ITEM: Final = re.compile(r"(?:[ ]*(?:#.*)?\n)*+( *)- ")
_END_OF_FLAT_ITEMS: Final = re.compile(r"^(?![ \n#]|- )", re.MULTILINE)
_END_OF_INDENTED_ITEMS: Final = re.compile(r"^(?![ \n#])", re.MULTILINE)
# An alias in one item may refer to an anchor in another.
_ANCHOR: Final = re.compile(r"(?:^|[\s\[{,])&[^\s&]", re.MULTILINE)
_JSON_ITEMS: Final = re.compile(r'"items"\s*:\s*\[\s*')
_BETWEEN_JSON_ITEMS: Final = re.compile(r"\s*([,\]])\s*")


def is_list(content: dict[str, Any]) -> bool:
    """Whether *content* holds other objects: a ``List``, the list of one kind, or whatever has ``items``.

    To kubectl the field makes the list, and not the kind. Only what is a workload stays one here, with a
    field too many. Source: module ``k8s.io/apimachinery``, ``decode`` in ``unstructured/helpers.go``.
    """
    kind, items = content.get("kind"), content.get("items")
    if isinstance(items, list):
        return (content.get("apiVersion"), kind) not in KINDS
    return kind == "List" and items is None


def cut(text: str) -> CutList | None:
    """The list that *text* is, if it is one that can be cut without reading it whole."""
    return _cut_json(text) if text.lstrip().startswith("{") else _cut_yaml(text)


def _cut_yaml(text: str) -> CutList | None:
    if not text.startswith("items:") and "\nitems:" not in text:
        return None
    key = _YAML_ITEMS.search(text)
    first = _FIRST_ITEM.match(text, key.end()) if key else None
    if key is None or first is None or _ANCHOR.search(text):
        return None
    is_end = _END_OF_INDENTED_ITEMS if first[1] else _END_OF_FLAT_ITEMS
    found = is_end.search(text, key.end())
    end = found.start() if found else len(text)
    try:
        frame = plain.read(f"{text[: key.start()]}items: []\n{text[end:]}").value
    except NotPlain:
        return None
    if not (isinstance(frame, dict) and is_list(frame)):
        return None
    return CutList(frame, _yaml_items(text, key.end(), end, re.compile(f"^{first[1]}- ", re.MULTILINE)))


def _yaml_items(text: str, begin: int, end: int, dash: re.Pattern[str]) -> Iterator[Item]:
    line = text.count("\n", 0, begin) + 1
    found = dash.search(text, begin)
    while found is not None and found.start() < end:
        line += text.count("\n", begin, found.start())
        begin = found.start()
        found = dash.search(text, found.end())
        yield Item(line, text[begin : min(found.start(), end) if found else end], is_yaml=True)


def _cut_json(text: str) -> CutList | None:
    key = _JSON_ITEMS.search(text)
    if key is None or jsontext.depth_at(text, key.start()) != 1:
        return None
    try:
        spans, end = _spans(text, key.end())
        frames = [each.value for each in jsontext.documents(text[: key.end()] + text[end:])]
    except Malformed:
        return None
    if len(frames) != 1 or not is_list(frames[0]):
        return None
    return CutList(frames[0], (Item(line, text[begin:end], is_yaml=False) for line, begin, end in spans))


def _spans(text: str, place: int) -> tuple[list[tuple[int, int, int]], int]:
    """Line, begin and end of each item from *place* on, and where the bracket is that closes them."""
    spans: list[tuple[int, int, int]] = []
    line = text.count("\n", 0, place) + 1
    while text[place : place + 1] != "]":
        _, end = jsontext.value_at(text, place, line)
        spans.append((line, place, end))
        between = _BETWEEN_JSON_ITEMS.match(text, end)
        if between is None:
            raise NotJson(line, "a comma or a bracket is expected")
        if between[1] == "]":
            return spans, between.start(1)
        line += text.count("\n", place, between.end())
        place = between.end()
    return spans, place
