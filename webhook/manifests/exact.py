"""YAML exactly as Kubernetes reads it: the events of libyaml, with the meaning that go-yaml v2 gives them.

Source: module ``go.yaml.in/yaml/v2``, file ``decode.go``, and ``sigs.k8s.io/yaml``. Beyond them, a mapping
that has one key twice is refused, where kubectl takes the last one in silence.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import yaml

from webhook.manifests.anchors import Anchors
from webhook.manifests.events import Event, events
from webhook.manifests.limits import DEPTH, TOO_DEEP
from webhook.manifests.lines import Lines
from webhook.manifests.malformed import Malformed
from webhook.manifests.nodes import Mapping, Node, Root, Sequence
from webhook.manifests.problems import (
    OTHER_VERSION,
    QUESTION_MARK,
    STRAY_BYTE_ORDER_MARK,
    UNKNOWN_ESCAPE,
    explained,
)
from webhook.manifests.scalars import MERGE, Scalar, UnfitScalar, plain, tagged

# libyaml passes over one that begins a line, go-yaml takes it for a part of what follows.
_BYTE_ORDER_MARK: Final = re.compile("(?:^|[\n\r\x85\u2028\u2029])\ufeff")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def documents(text: str, *, with_places: bool = False) -> Iterator[Node]:
    """The documents of *text*, one by one. Raises Malformed where the next one is none."""
    lines = Lines(text)
    if (stray := _BYTE_ORDER_MARK.search(text)) is not None:
        raise Malformed(text.count("\n", 0, stray.end()) + 1, STRAY_BYTE_ORDER_MARK)
    try:
        stream = events(text)
        for event in stream:
            if isinstance(event, yaml.DocumentStartEvent):
                if event.version not in {None, (1, 1)}:
                    raise Malformed(1, OTHER_VERSION)
                yield _Document(text, lines, with_places=with_places).read(stream)
    except yaml.YAMLError as error:
        raise explained(error, text, lines) from error


class _Open(NamedTuple):
    """A collection that is not read to its end; *is_flow* says whether it is written in brackets."""

    collection: Any
    anchor: str | None = None
    is_flow: bool = False


class _Document:
    """One document that is being read."""

    def __init__(self, text: str, lines: Lines, *, with_places: bool) -> None:
        self._text = text
        self._lines = lines
        self._with_places = with_places
        self._anchors = Anchors()
        self._root = Root()
        self._open = [_Open(self._root)]
        self._nodes = 0
        self._has_escaped_slash = "\\/" in text

    def read(self, stream: Iterator[Event]) -> Node:
        """The root, once *stream* came to the end of this document. Raises Malformed."""
        for event in stream:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                node = self._scalar(event)
            elif kind is yaml.MappingStartEvent:
                self._start(event, Mapping)
                continue
            elif kind is yaml.SequenceStartEvent:
                self._start(event, Sequence)
                continue
            elif kind is yaml.AliasEvent:
                node = self._alias(event)
            elif kind is yaml.DocumentEndEvent:
                break
            else:
                node = self._end()
            self._nodes += 1
            self._open[-1].collection.take(node)
        return self._root.node

    def _scalar(self, event: Event) -> Node:
        line = self._lines.at(event.start_mark)
        value = event.value
        if event.tag is not None:
            node = Node(line, _tagged(event, line), None, value == "<<" and event.tag == MERGE)
        elif event.implicit[0]:
            node = Node(line, plain(value), None, value == "<<")
        else:
            node = Node(line, value)
        self._refuse_what_kubernetes_does(event, line)
        if event.anchor is not None:
            self._anchors.set(event.anchor, node)
        return node

    def _refuse_what_kubernetes_does(self, event: Event, line: int) -> None:
        """Raises Malformed for what YAML 1.2 and libyaml allow, but YAML 1.1 and Kubernetes do not."""
        if event.style == '"':
            if self._has_escaped_slash:
                written = self._text[event.start_mark.index : event.end_mark.index]
                if "/" in _ESCAPED.findall(written):
                    raise Malformed(line, UNKNOWN_ESCAPE)
        elif "?" in event.value and event.style != "'" and self._open[-1].is_flow:
            raise Malformed(line, QUESTION_MARK)

    def _start(self, event: Event, kind: type[Mapping | Sequence]) -> None:
        line = self._lines.at(event.start_mark)
        if len(self._open) > DEPTH:
            raise Malformed(line, TOO_DEEP)
        collection = kind(line, with_places=self._with_places)
        if event.anchor is not None:
            self._anchors.set(event.anchor, collection)
        self._open.append(_Open(collection, event.anchor, event.flow_style))

    def _end(self) -> Node:
        collection, anchor, _ = self._open.pop()
        node = Node(collection.line, collection.value, collection.inside)
        if anchor is not None:
            self._anchors.close(anchor, collection, node)
        return node

    def _alias(self, event: Event) -> Node:
        line = self._lines.at(event.start_mark)
        return self._anchors.resolve(event.anchor, line, depth=len(self._open), nodes=self._nodes)


def _tagged(event: Event, line: int) -> Scalar:
    try:
        return tagged(event.value, event.tag)
    except UnfitScalar as error:
        raise Malformed(line, str(error)) from error
