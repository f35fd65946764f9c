"""The mappings and sequences of a YAML document while they are being read."""

from typing import Any, Final, NamedTuple

from webhook.manifests.malformed import Malformed
from webhook.manifests.places import Place, Places
from webhook.manifests.scalars import UnfitScalar, key_of, value_of

_NO_MERGE: Final = "<<: takes a mapping or a list of mappings"


class Node(NamedTuple):
    """A node that was read: its line, its value as YAML has it, and the places of its parts if asked for."""

    line: int
    value: Any
    inside: Places | None = None
    is_merge: bool = False
    is_alias: bool = False

    def as_value(self) -> Any:  # noqa: ANN401 - any JSON value
        """The JSON value of this node. Raises Malformed."""
        if type(self.value) is not float:
            return self.value
        try:
            return value_of(self.value)
        except UnfitScalar as error:
            raise Malformed(self.line, str(error)) from error


class Root:
    """Holds the one node of a document."""

    def __init__(self) -> None:
        self.node = Node(1, None)

    def take(self, node: Node) -> None:
        """Holds *node*. Raises Malformed."""
        self.node = Node(node.line, node.as_value(), node.inside)


class Sequence:
    """A list that is being read."""

    def __init__(self, line: int, *, with_places: bool) -> None:
        self.line = line
        self.value: list[Any] = []
        self.inside: Places | None = {} if with_places else None

    def take(self, node: Node) -> None:
        """Adds *node* as an item. Raises Malformed."""
        if self.inside is not None:
            self.inside[len(self.value)] = Place(node.line, node.inside)
        self.value.append(node.as_value())


class Mapping:
    """A mapping that is being read; takes keys and values in turn."""

    def __init__(self, line: int, *, with_places: bool) -> None:
        self.line = line
        self.value: dict[str, Any] = {}
        self.inside: Places | None = {} if with_places else None
        self._key: Node | None = None
        self._written: dict[str, int] = {}

    def take(self, node: Node) -> None:
        """Takes *node* as the next key, or as the value of the last one. Raises Malformed."""
        key, self._key = self._key, None
        if key is None:
            self._key = node if node.is_merge else self._new_key(node)
        elif key.is_merge:
            self._merge(node)
        else:
            if self.inside is not None:
                self.inside[key.value] = Place(key.line, node.inside)
            self.value[key.value] = node.as_value()

    def _new_key(self, node: Node) -> Node:
        if isinstance(node.value, dict | list):
            raise Malformed(node.line, "a key must be a text, not a list or a mapping")
        try:
            key = key_of(node.value)
        except UnfitScalar as error:
            raise Malformed(node.line, str(error)) from error
        if key in self._written:
            raise Malformed(node.line, f'the key "{key}" is already set in line {self._written[key]}')
        self._written[key] = node.line
        return Node(node.line, key)

    def _merge(self, node: Node) -> None:
        """Takes over the keys of *node*, also those already set: so kubectl has it, whatever YAML says."""
        if isinstance(node.value, dict):
            self._take_over(node.value, node.inside)
        elif isinstance(node.value, list) and not node.is_alias:
            for index, part in reversed(list(enumerate(node.value))):
                if not isinstance(part, dict):
                    raise Malformed(node.line, _NO_MERGE)
                self._take_over(part, None if node.inside is None else node.inside[index].inside)
        else:
            raise Malformed(node.line, _NO_MERGE)

    def _take_over(self, values: dict[str, Any], inside: Places | None) -> None:
        self.value.update(values)
        if self.inside is not None:
            self.inside.update(inside or {})
