"""What holds for all pods, nodes and reports."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tests.nodes.reporting import file
from tests.nodes.test_judgment import localhost, pod
from webhook.nodes.inventory import Inventory, Snapshot
from webhook.nodes.judgment import judge
from webhook.nodes.localhost_profiles import Hold, LocalhostProfiles
from webhook.nodes.node import Node, Taint
from webhook.nodes.placement import Placement, Places, placement_of
from webhook.nodes.report import NodeReport, SeccompFile
from webhook.policy.core_v1 import Toleration
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

PATH = "cart.json"
GOOD = file(PATH, "content", "equal")
CLUSTER = tuple("abcdef")


def kept_to(names: Sequence[str]) -> Pod:
    term = {"matchExpressions": [{"key": "name", "operator": "In", "values": list(names)}]}
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
    return pod({"name": "c", **localhost("seccomp", PATH)}, affinity={"nodeAffinity": required})


contents = st.builds(
    file,
    st.sampled_from([PATH, PATH, "tea.json"]),
    st.sampled_from(["content", "other"]),
    st.sampled_from(["none", "weaker", "equal", "stricter", "unjudged"]),
    st.sampled_from(["", "", "", "unreadable"]),
)
# What a node says: nothing at all, or which files it holds, and whether these are all.
said = st.none() | st.tuples(st.lists(contents, max_size=2), st.integers(0, 1))
clusters = st.dictionaries(st.sampled_from(CLUSTER), said, max_size=5)
levels = st.sampled_from(Level)
holds = st.sampled_from(Hold)
pods = st.one_of(
    st.just(pod({"name": "cart", **localhost("seccomp", PATH)})),
    st.sampled_from(CLUSTER).map(
        lambda name: pod({"name": "c", **localhost("seccomp", PATH)}, nodeName=name)
    ),
    st.lists(st.sampled_from(CLUSTER), min_size=1).map(kept_to),
)
Cluster = dict[str, tuple[Sequence[SeccompFile], int] | None]


def snapshot_of(cluster: Cluster) -> Snapshot:
    inventory = Inventory()
    for name, report in cluster.items():
        inventory.put_node(Node(name, {"name": name}))
        if report is not None:
            inventory.put_report(NodeReport(name, seccomp=tuple(report[0]), left_out=report[1]))
    return inventory.snapshot()


def controls(pod: Pod, cluster: Cluster, level: Level = Level.RESTRICTED, nodes: Hold = Hold.ALL) -> set[str]:
    judgment = judge(pod, snapshot_of(cluster), LocalhostProfiles(nodes=nodes), level)
    return {each.check.id for each in judgment.findings}


def what_lacks_it(pod: Pod, cluster: Cluster) -> set[str]:
    """The nodes of which it is certain, by the plainest way to find out."""
    eligible = snapshot_of(cluster).places.eligible(placement_of(pod.spec))
    return {
        name
        for name in eligible
        if (report := cluster[name]) is not None
        and not report[1]
        and PATH not in {each.path for each in report[0]}
    }


@given(pods, clusters, levels, holds, st.sampled_from(CLUSTER))
def test_a_node_that_holds_the_profile_adds_no_complaint(
    pod: Pod, cluster: Cluster, level: Level, nodes: Hold, name: str
) -> None:
    before = controls(pod, cluster, level, nodes)
    is_new = name not in cluster
    held = {file for report in cluster.values() if report for file in report[0] if file.path == PATH}
    same = held <= {GOOD}

    if is_new and same:
        assert controls(pod, {**cluster, name: ((GOOD,), 0)}, level, nodes) <= before


@given(pods, clusters, levels, holds, st.sampled_from(CLUSTER))
def test_a_node_that_is_not_known_adds_no_complaint(
    pod: Pod, cluster: Cluster, level: Level, nodes: Hold, name: str
) -> None:
    before = controls(pod, cluster, level, nodes)

    assert name in cluster or controls(pod, {**cluster, name: None}, level, nodes) <= before
    assert controls(pod, {**cluster, name: None}, level, Hold.ALL) <= controls(pod, cluster, level, Hold.ALL)


@given(pods, clusters, levels)
def test_who_asks_for_any_node_asks_less_than_who_asks_for_all(
    pod: Pod, cluster: Cluster, level: Level
) -> None:
    assert controls(pod, cluster, level, Hold.ANY) <= controls(pod, cluster, level, Hold.ALL)


@given(pods, clusters, holds)
def test_a_stricter_level_asks_for_more(pod: Pod, cluster: Cluster, nodes: Hold) -> None:
    found = [controls(pod, cluster, level, nodes) for level in Level]

    assert found[0] <= found[1] <= found[2]


@given(pods, clusters)
def test_missing_is_what_is_certainly_missing_on_a_node_that_the_pod_may_go_to(
    pod: Pod, cluster: Cluster
) -> None:
    lacking = what_lacks_it(pod, cluster)
    judgment = judge(pod, snapshot_of(cluster), LocalhostProfiles(), Level.PRIVILEGED)
    words = " ".join(each.rule.words for finding in judgment.findings for each in finding.violations)

    assert ("it is missing" in words) == bool(lacking)


@given(clusters, st.lists(st.sampled_from(CLUSTER), min_size=1))
def test_fewer_nodes_lack_no_more(cluster: Cluster, names: Sequence[str]) -> None:
    everywhere = pod({"name": "c", **localhost("seccomp", PATH)})

    assert what_lacks_it(kept_to(names), cluster) <= what_lacks_it(everywhere, cluster)
    assert controls(kept_to(names), cluster) <= controls(everywhere, cluster)


taints = st.builds(
    Taint,
    st.sampled_from(["gpu", "slow"]),
    st.sampled_from(["", "a"]),
    st.sampled_from(["NoSchedule", "NoExecute", "PreferNoSchedule"]),
)
nodes = st.builds(
    Node,
    st.sampled_from(CLUSTER),
    st.fixed_dictionaries({}, optional={"zone": st.sampled_from("12")}),
    st.lists(taints, max_size=2).map(tuple),
    st.booleans(),
)
tolerations = st.builds(
    Toleration,
    key=st.sampled_from(["gpu", "slow", "node.kubernetes.io/unschedulable", ""]),
    operator=st.sampled_from(["Exists", "Equal"]),
    value=st.sampled_from(["", "a"]),
    effect=st.sampled_from(["", "NoSchedule", "NoExecute"]),
)
placements = st.builds(
    Placement,
    node_name=st.sampled_from(["", "", *CLUSTER]),
    labels=st.sampled_from([(), (("zone", "1"),)]),
    tolerations=st.lists(tolerations, max_size=2).map(tuple),
)


def eligible(placement: Placement, nodes: Sequence[Node]) -> set[str]:
    return set(Places(nodes).eligible(placement))


@given(placements, st.lists(nodes), tolerations)
def test_who_tolerates_more_may_go_to_more_nodes(
    placement: Placement, nodes: Sequence[Node], more: Toleration
) -> None:
    tolerant = placement._replace(tolerations=(*placement.tolerations, more))

    assert eligible(placement, nodes) <= eligible(tolerant, nodes)


@given(placements, st.lists(nodes), st.sampled_from("12"))
def test_who_asks_for_more_may_go_to_fewer_nodes(
    placement: Placement, nodes: Sequence[Node], zone: str
) -> None:
    demanding = placement._replace(labels=(*placement.labels, ("zone", zone)))

    assert eligible(demanding, nodes) <= eligible(placement, nodes)


@given(placements, st.lists(nodes, unique_by=lambda node: node.name))
def test_nodes_are_eligible_one_by_one(placement: Placement, nodes: Sequence[Node]) -> None:
    assert eligible(placement, nodes) == {name for node in nodes for name in eligible(placement, [node])}


@given(placements, st.lists(nodes))
def test_what_is_asked_twice_is_answered_alike(placement: Placement, nodes: Sequence[Node]) -> None:
    places = Places(nodes)

    assert places.eligible(placement) == places.eligible(placement)
