import gc
import threading
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nodes.reporting import digest, file, node, report
from webhook.nodes.inventory import Inventory, Snapshot
from webhook.nodes.node import Node, Taint
from webhook.nodes.report import AppArmorProfile, NodeReport, SeccompFile

MEGABYTE = 1_000_000


def inventory_of(*reports: NodeReport) -> Inventory:
    inventory = Inventory()
    for each in reports:
        inventory.put_report(each)
    return inventory


def files_on(snapshot: Snapshot, name: str) -> dict[str, Any] | None:
    holding = snapshot.holding(name)
    return None if holding is None else dict(holding.files())


def test_a_file_is_found_by_its_path() -> None:
    inventory = inventory_of(report("a", file("x.json", "one", "weaker"), "y.json"))
    holding = inventory.snapshot().holding("a")
    assert holding is not None

    assert holding.file("x.json") == (digest("one"), "weaker", "")
    assert holding.file("x") is None
    assert holding.file("z.json") is None
    assert holding.paths == ("x.json", "y.json")


def test_a_node_that_has_not_reported_is_not_one_that_holds_nothing() -> None:
    inventory = inventory_of(report("a"))
    inventory.put_node(node("b"))
    snapshot = inventory.snapshot()

    assert files_on(snapshot, "a") == {}
    assert files_on(snapshot, "b") is None
    assert files_on(snapshot, "c") is None


def test_a_node_and_its_report_come_and_go_apart() -> None:
    inventory = inventory_of(report("a", "x.json"))
    assert not list(inventory.snapshot().nodes())

    inventory.put_node(node("a", zone="1"))
    assert list(inventory.snapshot().nodes()) == [Node("a", {"zone": "1"})]

    inventory.remove_report("a")
    assert inventory.snapshot().holding("a") is None
    assert list(inventory.snapshot().nodes()) == [Node("a", {"zone": "1"})]

    inventory.remove_node("a")
    assert not inventory.snapshot().known


def test_a_file_that_could_not_be_read_has_no_digest() -> None:
    unreadable = SeccompFile("x.json", "", 0, error="permission denied")
    holding = inventory_of(report("a", unreadable)).snapshot().holding("a")
    assert holding is not None

    assert holding.file("x.json") == ("", "unjudged", "permission denied")


@pytest.mark.parametrize("text", ["sha256:", "sha256:zz", "md5:" + "0" * 64, "sha256:" + "0" * 62])
def test_what_is_no_digest_is_not_known(text: str) -> None:
    holding = inventory_of(report("a", SeccompFile("x.json", text, 1))).snapshot().holding("a")
    assert holding is not None

    assert holding.file("x.json") == ("", "unjudged", "")


def test_app_armor_profiles_are_found_by_name() -> None:
    loaded = (AppArmorProfile("z", "complain"), AppArmorProfile("a", "enforce"))
    holding = inventory_of(NodeReport("a", app_armor=loaded)).snapshot().holding("a")
    without = inventory_of(NodeReport("a")).snapshot().holding("a")
    assert holding is not None
    assert without is not None

    assert holding.app_armor_mode("z") == "complain"
    assert holding.app_armor_mode("a") == "enforce"
    assert holding.app_armor_mode("b") is None
    assert without.app_armor is None
    assert without.app_armor_mode("a") is None


def test_a_report_with_files_left_out_is_not_whole() -> None:
    snapshot = inventory_of(NodeReport("a", left_out=3), NodeReport("b")).snapshot()

    assert [each.is_whole for _, each in snapshot.holdings()] == [False, True]


def test_nodes_with_equal_reports_share_what_they_hold() -> None:
    snapshot = inventory_of(
        report("a", "x.json", "y.json"), report("b", "y.json", "x.json"), report("c", "x.json")
    ).snapshot()

    assert snapshot.holding("a") is snapshot.holding("b")
    assert snapshot.holding("a") is not snapshot.holding("c")


def test_what_looks_alike_is_not_mixed_up() -> None:
    state_like = AppArmorProfile("unjudged", "")
    inventory = inventory_of(
        report("a", "x.json"), NodeReport("b", app_armor=(state_like,)), report("unjudged", "", "unjudged")
    )
    holding = inventory.snapshot().holding("b")
    assert holding is not None
    assert holding.app_armor is not None

    assert isinstance(holding.app_armor[0], AppArmorProfile)


def test_a_snapshot_stays_as_it_is() -> None:
    inventory = inventory_of(report("a", "x.json"))
    before = inventory.snapshot()
    inventory.put_report(report("a", "y.json"))
    inventory.put_report(report("b"))

    assert files_on(before, "a") == {"x.json": (digest(""), "unjudged", "")}
    assert set(before.known) == {"a"}
    assert set(inventory.snapshot().known) == {"a", "b"}


def test_what_changes_nothing_is_no_change() -> None:
    inventory = inventory_of(report("a", "x.json"))
    inventory.put_node(Node("a", {"zone": "1"}, (Taint("k", "v", "NoSchedule"),)))
    before = inventory.snapshot()
    inventory.put_report(report("a", "x.json"))
    inventory.put_node(Node("a", {"zone": "1"}, (Taint("k", "v", "NoSchedule"),)))
    inventory.remove_node("b")
    inventory.remove_report("b")

    assert inventory.snapshot() is before


def test_a_report_does_not_change_where_pods_may_go() -> None:
    inventory = Inventory()
    inventory.put_node(node("a"))
    before = inventory.snapshot()
    inventory.put_report(report("a", "x.json"))
    after = inventory.snapshot()

    assert after.generation > before.generation
    assert (after.placing, after.places) == (before.placing, before.places)
    inventory.put_node(node("a", zone="1"))
    assert inventory.snapshot().placing > before.placing


def test_a_new_list_replaces_all_that_was_known() -> None:
    inventory = inventory_of(report("a", "x.json"), report("b", "x.json"))
    inventory.replace_nodes([node("a"), node("b")])
    inventory.replace_nodes([node("b"), node("c")])
    inventory.replace_reports(iter([report("c", "y.json")]))
    snapshot = inventory.snapshot()

    assert sorted(each.name for each in snapshot.nodes()) == ["b", "c"]
    assert [name for name, _ in snapshot.holdings()] == ["c"]


changes = st.lists(
    st.one_of(
        st.builds(report, st.sampled_from("abc"), st.sampled_from(["x", "y"]), st.sampled_from(["x", "z"])),
        st.builds(
            lambda name, zone: Node(name, {"zone": zone}), st.sampled_from("abc"), st.sampled_from("12")
        ),
        st.tuples(st.sampled_from(["remove_node", "remove_report"]), st.sampled_from("abc")),
    )
)


@given(changes)
def test_what_is_known_is_what_was_said_last(said: list[Any]) -> None:
    inventory = Inventory()
    nodes: dict[str, Node] = {}
    reports: dict[str, NodeReport] = {}
    for each in said:
        if isinstance(each, NodeReport):
            inventory.put_report(each)
            reports[each.node] = each
        elif isinstance(each, Node):
            inventory.put_node(each)
            nodes[each.name] = each
        else:
            verb, name = each
            getattr(inventory, verb)(name)
            (nodes if verb == "remove_node" else reports).pop(name, None)
        snapshot = inventory.snapshot()

        assert {each.name: each for each in snapshot.nodes()} == nodes
        assert {name: set(each.paths) for name, each in snapshot.holdings()} == {
            name: {file.path for file in each.seccomp} for name, each in reports.items()
        }


def hostile_reports(nodes: int, files: int) -> Iterator[NodeReport]:
    """No two nodes have a file's content, or the path of one of their files, in common."""
    for number in range(nodes):
        yield NodeReport(
            f"node-{number}",
            seccomp=tuple(
                SeccompFile(
                    f"teams/shop/profile-{each}.json" if each else f"teams/shop/own-{number}.json",
                    f"sha256:{number * files + each:064x}",
                    1000,
                )
                for each in range(files)
            ),
            app_armor=tuple(AppArmorProfile(f"profile-{each}", "enforce") for each in range(50)),
        )


def held_after(reports: Iterator[NodeReport], inventory: Inventory) -> float:
    gc.collect()
    tracemalloc.start()
    try:
        inventory.replace_reports(reports)
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / MEGABYTE
    finally:
        tracemalloc.stop()


def test_five_hundred_nodes_with_nothing_in_common_need_a_tenth_of_what_five_thousand_may() -> None:
    assert held_after(hostile_reports(500, 200), Inventory()) < 10


def test_what_nobody_holds_any_more_is_let_go() -> None:
    inventory = Inventory()
    inventory.replace_reports(hostile_reports(40, 50))
    for turn in range(30):
        inventory.replace_reports(
            report(f"node-{number}", f"{turn}/{number}.json", "all.json") for number in range(40)
        )

    assert held_after((report("a", f"{turn}.json") for turn in range(2000)), inventory) < 1


def test_readers_see_whole_states_while_another_thread_writes() -> None:
    inventory = Inventory()
    inventory.replace_reports(report(f"node-{number}", "x.json") for number in range(200))
    done = threading.Event()
    seen: set[int] = set()

    def read() -> None:
        while not done.is_set():
            snapshot = inventory.snapshot()
            assert len(dict(snapshot.holdings())) == 200
            seen.add(snapshot.generation)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for each in readers:
        each.start()
    for turn in range(20):
        inventory.replace_reports(report(f"node-{number}", f"{turn}.json") for number in range(200))
    done.set()
    for each in readers:
        each.join(timeout=30)

    assert seen
    assert {each.paths for _, each in inventory.snapshot().holdings()} == {("19.json",)}
