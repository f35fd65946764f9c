"""Who is believed of what a node holds."""

import pytest

from webhook.cluster.gathered import Gathered
from webhook.cluster.node_profiles import Unread
from webhook.cluster.operator import OperatorProfile, OperatorStatus
from webhook.nodes.node import Node
from webhook.nodes.report import NodeReport, SeccompFile

WEB, LOGS = "operator/web.json", "operator/logs.json"


class Story:
    """Two nodes, of which anybody may say anything."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.gathered = Gathered(self.told.append)
        self.gathered.replace_nodes({"a": Node("a"), "b": Node("b")})

    def report(self, node: str, *paths: str) -> None:
        files = tuple(SeccompFile(path, f"sha256:{'0' * 63}1", 1) for path in paths)
        holding = self.gathered.holding(NodeReport(node, "containerd", seccomp=files))
        self.gathered.put_report(node, holding)

    def status(self, node: str, path: str, *, is_installed: bool = True) -> None:
        status = OperatorStatus(node, path, is_installed)
        self.gathered.put_status(status.name, status)

    def paths(self, node: str) -> tuple[str, ...] | None:
        holding = self.gathered.snapshot().holding(node)
        return None if holding is None else holding.paths


def test_a_node_of_which_nobody_speaks_is_not_known() -> None:
    assert Story().paths("a") is None


def test_a_node_speaks_for_itself_alone() -> None:
    story = Story()
    story.report("a", "x.json")

    assert (story.paths("a"), story.paths("b")) == (("x.json",), None)
    assert story.gathered.reported == 1
    story.gathered.remove_report("a")
    assert story.paths("a") is None


def test_the_operator_speaks_of_its_own_files_and_of_no_others() -> None:
    story = Story()
    story.status("a", WEB)
    story.status("b", WEB, is_installed=False)
    holding = story.gathered.snapshot().holding("a")

    assert holding is not None
    assert holding.paths == (WEB,)
    assert not holding.is_whole, "what the operator does not list may be there all the same"
    found = holding.file(WEB)
    assert found is not None
    assert found.digest == ""
    assert story.paths("b") is None


def test_the_agent_is_believed_before_the_operator_and_as_long_as_it_speaks() -> None:
    story = Story()
    story.status("a", WEB)
    story.report("a", "x.json")
    assert story.paths("a") == ("x.json",)
    story.status("a", LOGS)
    assert story.paths("a") == ("x.json",)
    story.gathered.remove_report("a")
    assert story.paths("a") == (LOGS, WEB)


def test_what_the_operator_takes_back_is_not_there() -> None:
    story = Story()
    story.status("a", WEB)
    story.status("a", LOGS)
    story.gathered.remove_status(OperatorStatus("a", WEB, is_installed=True).name)
    assert story.paths("a") == (LOGS,)
    story.gathered.replace_statuses({})
    assert story.paths("a") is None


def test_where_the_operator_says_nothing_of_nodes_what_it_says_of_profiles_counts_for_all() -> None:
    story = Story()
    story.gathered.put_profile("/web", OperatorProfile(WEB, is_installed=True))
    story.gathered.put_profile("/logs", OperatorProfile(LOGS, is_installed=False))
    assert (story.paths("a"), story.paths("b")) == ((WEB,), (WEB,))
    story.gathered.put_node("c", Node("c"))
    assert story.paths("c") == (WEB,)

    story.status("a", LOGS)
    story.gathered.replace_statuses({"": OperatorStatus("a", LOGS, is_installed=True)})
    assert (story.paths("a"), story.paths("b"), story.paths("c")) == ((LOGS,), None, None)

    story.gathered.replace_statuses({})
    story.gathered.remove_profile("/web")
    assert story.paths("b") is None


def test_statuses_of_profiles_of_other_kinds_say_nothing() -> None:
    story = Story()
    story.gathered.put_profile("/web", OperatorProfile(WEB, is_installed=True))
    story.status("a", "")

    assert story.paths("b") == (WEB,)


def test_a_node_that_is_gone_is_gone_with_all_that_was_said() -> None:
    story = Story()
    story.status("a", WEB)
    story.gathered.remove_node("a")

    assert story.paths("a") is None
    assert [each.name for each in story.gathered.snapshot().nodes()] == ["b"]
    story.gathered.put_node("a", Node("a"))
    assert story.paths("a") == (WEB,)


@pytest.mark.parametrize("through", ["put", "replace"])
def test_of_many_reports_that_nobody_can_read_one_is_told(through: str) -> None:
    story = Story()
    story.report("a", "x.json")
    bad = {name: Unread(f"the report of node {name!r} cannot be read: why") for name in "ab"}
    if through == "replace":
        story.gathered.replace_reports(bad)
    else:
        for name, said in bad.items():
            story.gathered.put_report(name, said)

    assert story.told == ["the report of node 'a' cannot be read: why; what it holds is not known"]
    assert (story.paths("a"), story.paths("b")) == (None, None)
    story.gathered.replace_reports({})
    story.gathered.put_report("b", bad["b"])
    assert len(story.told) == 2, "it was well in between"


def test_a_new_list_of_reports_ends_those_that_are_not_in_it() -> None:
    story = Story()
    story.report("a", "x.json")
    story.report("b", "y.json")
    holding = story.gathered.snapshot().holding("b")
    assert holding is not None
    story.gathered.replace_reports({"b": holding})

    assert (story.paths("a"), story.paths("b")) == (None, ("y.json",))
