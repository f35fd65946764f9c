"""How long it takes to find out where a pod may go has an end; where it may go: tests/conformance."""

import pytest

from webhook.nodes.node import Node
from webhook.nodes.placement import MOST_QUESTIONS, MOST_SAID, Placement, Places, placement_of
from webhook.policy.core_v1 import (
    Affinity,
    NodeAffinity,
    NodeSelector,
    NodeSelectorRequirement,
    NodeSelectorTerm,
    PodSpec,
    Toleration,
)


def affinity(*requirements: NodeSelectorRequirement, field: bool = False) -> NodeSelector:
    term = (
        NodeSelectorTerm(match_fields=requirements)
        if field
        else NodeSelectorTerm(match_expressions=requirements)
    )
    return NodeSelector((term,))


def test_a_pod_made_to_keep_us_busy_may_go_anywhere() -> None:
    nodes = [Node(f"n-{each}", {"zone": "1"}) for each in range(100)]
    absurd = NodeSelectorRequirement("zone", "In", ("2",))
    few = affinity(*[absurd] * (MOST_QUESTIONS // 100))
    many = affinity(*[absurd] * (MOST_QUESTIONS // 100 + 1))

    assert Places(nodes).eligible(Placement(affinity=few)) == ()
    assert len(Places(nodes).eligible(Placement(affinity=many))) == 100


def test_many_values_are_one_question() -> None:
    nodes = [Node(f"n-{each}", {"zone": str(each)}) for each in range(100)]
    wanted = NodeSelectorRequirement("zone", "In", tuple(str(each) for each in range(50, 100_000)))

    assert len(Places(nodes).eligible(Placement(affinity=affinity(wanted)))) == 50


def test_a_pod_that_names_its_nodes_is_asked_of_no_others() -> None:
    nodes = [Node(f"n-{each}") for each in range(1000)]
    named = NodeSelectorRequirement("metadata.name", "In", ("n-7",))
    tolerant = tuple(
        Toleration(key=str(each), operator="Exists") for each in range(MOST_QUESTIONS // 1000 + 1)
    )

    assert Places(nodes).eligible(Placement(affinity=affinity(named, field=True), tolerations=tolerant)) == (
        "n-7",
    )


def test_more_placements_than_are_kept_are_answered_all_the_same() -> None:
    places = Places([Node(f"n-{each}", {"name": str(each)}) for each in range(300)])
    wanted = [Placement(labels=(("name", str(each)),)) for each in range(300)]

    assert [places.eligible(each) for each in wanted] == [(f"n-{each}",) for each in range(300)]
    assert places.eligible(wanted[0]) == ("n-0",)


@pytest.mark.parametrize(
    "placement",
    [
        Placement(affinity=affinity(NodeSelectorRequirement("zone", "NotIn", ("1",) * 1000))),
        Placement(affinity=affinity(*[NodeSelectorRequirement("zone", "Exists")] * 1000)),
        Placement(affinity=NodeSelector((NodeSelectorTerm(),) * 1000)),
        Placement(tolerations=(Toleration(),) * 1000),
        Placement(labels=tuple((str(each), "") for each in range(1000))),
        Placement(labels=(("zone", "1" * MOST_SAID),)),
    ],
)
def test_a_placement_that_takes_much_room_is_not_kept(placement: Placement) -> None:
    places = Places([Node("a"), Node("b", {"zone": "1"})])
    before = places.eligible(placement)

    assert not placement.is_short
    assert places.eligible(placement) == before
    assert not places._kept  # noqa: SLF001 - what is kept shows only in memory and time


def test_an_ordinary_placement_is_kept() -> None:
    wanted = NodeSelectorRequirement("zone", "In", tuple(str(each) for each in range(200)))
    places = Places([Node("a"), Node("b", {"zone": "1"})])

    assert places.eligible(Placement(affinity=affinity(wanted))) == ("b",)
    assert len(places._kept) == 1  # noqa: SLF001 - as above


def test_pods_that_say_the_same_in_other_words_have_one_placement() -> None:
    empty = PodSpec(node_name="", node_selector={}, affinity=Affinity(NodeAffinity(None)), tolerations=())

    assert placement_of(empty) == placement_of(PodSpec()) == Placement()
    assert placement_of(PodSpec(node_selector={"b": "1", "a": None})) == placement_of(
        PodSpec(node_selector={"a": "", "b": "1"})
    )
