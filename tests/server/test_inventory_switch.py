import pytest

from webhook.config import DEFAULTS, Settings
from webhook.nodes.localhost_profiles import LocalhostProfiles, Mode, NamespaceMode
from webhook.policy.patterns import Name
from webhook.server.inventory_switch import InventorySwitch, asks_for_profiles

IN_SHOP = NamespaceMode((Name("shop"),), Mode.WARN)


def settings(mode: Mode, *namespaces: NamespaceMode) -> Settings:
    return DEFAULTS._replace(localhost_profiles=LocalhostProfiles(mode, namespaces=namespaces))


@pytest.mark.parametrize(
    ("asked", "asks"),
    [
        (DEFAULTS, False),
        (settings(Mode.OFF), False),
        (settings(Mode.OFF, IN_SHOP._replace(mode=Mode.OFF)), False),
        (settings(Mode.OFF, IN_SHOP), True),
        (settings(Mode.WARN), True),
        (settings(Mode.ENFORCE), True),
    ],
)
def test_nodes_are_wanted_where_anything_is_asked_anywhere(asked: Settings, *, asks: bool) -> None:
    assert asks_for_profiles(asked) is asks


class Told:
    """What follows nodes, and who is told of configurations."""

    def __init__(self) -> None:
        self.wanted: list[bool] = []
        self.told: list[object] = []

    def follow(self, *, wanted: bool) -> None:
        self.wanted.append(wanted)

    def changed(self, old: Settings, new: Settings) -> None:
        self.told.append((old, new))

    def kept(self, problem: str) -> None:
        self.told.append(problem)

    def expired(self, names: frozenset[str], number: int) -> None:
        self.told.append((names, number))


def test_a_configuration_is_told_and_switches() -> None:
    told = Told()
    switch = InventorySwitch(told, told.follow)
    on = settings(Mode.ENFORCE)
    switch.begins(on)
    switch.changed(on, DEFAULTS)
    switch.kept("why")
    switch.expired(frozenset({"logs"}), 2)

    assert told.wanted == [True, False]
    assert told.told == [(on, DEFAULTS), "why", (frozenset({"logs"}), 2)]
