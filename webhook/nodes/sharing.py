"""One copy of each of the parts that many nodes have in common."""

from collections.abc import Iterable
from typing import Final, TypeVar
from weakref import WeakValueDictionary

from webhook.nodes.holding import Contents, Holding, State
from webhook.nodes.node import Node, Taint
from webhook.nodes.report import AppArmorProfile

_Part = TypeVar("_Part")

# So many new parts are taken before those that nobody has any more are let go, or as many as half of all.
_BEFORE_SWEEP: Final = 256


class Sharing:
    """The parts of what is in use; whoever uses them says so from time to time, and the rest is let go."""

    # Apart, because tuples of different meaning may be equal.
    _texts: dict[str, str]
    _paths: dict[tuple[str, ...], tuple[str, ...]]
    _states: dict[State, State]
    _state_lists: dict[tuple[State, ...], tuple[State, ...]]
    _armor: dict[AppArmorProfile, AppArmorProfile]
    _armor_lists: dict[tuple[AppArmorProfile, ...], tuple[AppArmorProfile, ...]]
    _taints: dict[tuple[Taint, ...], tuple[Taint, ...]]

    def __init__(self) -> None:
        self._holdings: WeakValueDictionary[Contents, Holding] = WeakValueDictionary()
        self._new = 0
        self._clear()

    def holding(self, contents: Contents) -> Holding:
        """The one holding with *contents*."""
        known = self._holdings.get(contents)
        if known is None:
            self._new += 1
            shared = self._shared(contents)
            known = self._holdings[shared] = Holding(shared)
        return known

    def node(self, node: Node) -> Node:
        """*node*, whose texts are those of other nodes where these have them too."""
        self._new += 1
        text = self._texts.setdefault
        return node._replace(
            labels={text(key, key): text(value, value) for key, value in node.labels.items()},
            taints=_one(self._taints, node.taints),
        )

    def is_due(self, in_use: int) -> bool:
        """Whether so much is new that ``sweep`` should be called, where *in_use* nodes are known."""
        return self._new > max(_BEFORE_SWEEP, in_use // 2)

    def sweep(self, holdings: Iterable[Holding], nodes: Iterable[Node]) -> None:
        """Know no other parts than those of *holdings* and *nodes*."""
        self._clear()
        for contents in {id(each): each.contents for each in holdings}.values():
            self._paths.setdefault(contents.paths, contents.paths)
            self._state_lists.setdefault(contents.states, contents.states)
            self._texts.update(zip(contents.paths, contents.paths, strict=True))
            self._states.update(zip(contents.states, contents.states, strict=True))
            if (armor := contents.app_armor) is not None:
                self._armor_lists.setdefault(armor, armor)
                self._armor.update(zip(armor, armor, strict=True))
        for node in nodes:
            self._texts.update(zip(node.labels, node.labels, strict=True))
            self._texts.update(zip(node.labels.values(), node.labels.values(), strict=True))
            self._taints.setdefault(node.taints, node.taints)

    def _clear(self) -> None:
        self._new = 0
        self._texts, self._paths, self._states, self._state_lists = {}, {}, {}, {}
        self._armor, self._armor_lists, self._taints = {}, {}, {}

    def _shared(self, contents: Contents) -> Contents:
        armor = contents.app_armor
        return contents._replace(
            paths=_one(self._paths, _each(self._texts, contents.paths)),
            states=_one(self._state_lists, _each(self._states, contents.states)),
            app_armor=None if armor is None else _one(self._armor_lists, _each(self._armor, armor)),
        )


def _one(known: dict[_Part, _Part], part: _Part) -> _Part:
    return known.setdefault(part, part)


def _each(known: dict[_Part, _Part], parts: tuple[_Part, ...]) -> tuple[_Part, ...]:
    one = known.setdefault
    return tuple([one(part, part) for part in parts])
