"""What is said of pods that use profiles of the node: ``judgment.yaml``, and what holds for all of them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.nodes.reporting import file
from webhook.nodes.inventory import NOTHING, Inventory, Snapshot
from webhook.nodes.judgment import Judgment, is_concerned, judge
from webhook.nodes.localhost_profiles import Hold, LocalhostProfiles
from webhook.nodes.node import Node
from webhook.nodes.report import AppArmorProfile, NodeReport, SeccompFile
from webhook.nodes.words import detail, violates
from webhook.policy.pod import Pod, pod_from
from webhook.policy.standard import Level

CASES = yaml.safe_load(Path(__file__).with_name("judgment.yaml").read_text())
LOADED = (AppArmorProfile("shop-cart", "enforce"), AppArmorProfile("learning", "complain"))


def two_nodes() -> Inventory:
    inventory = Inventory()
    for name, architecture in (("a", "amd64"), ("b", "arm64")):
        files = (
            file("good.json"),
            file("shop/cart.json"),
            file("localhost/own.json"),
            file("none.json", profile_class="none"),
            file("weaker.json", profile_class="weaker"),
            file("incomparable.json", profile_class="incomparable"),
            file("bad.json", error="unexpected end of JSON"),
            file("native.json", architecture),
        )
        files += (file("half.json"),) if name == "a" else ()
        inventory.put_node(Node(name, {"name": name}))
        inventory.put_report(
            NodeReport(name, kernel="6.18", architecture=architecture, seccomp=files, app_armor=LOADED)
        )
    return inventory


def with_mixed(inventory: Inventory) -> Inventory:
    """The same, of one architecture, where one file has other contents on each node."""
    for name in ("a", "b"):
        files = (file("mixed.json", f"content of {name}"),)
        inventory.put_report(NodeReport(name, architecture="amd64", seccomp=files))
    return inventory


def localhost(kind: str, name: str | None) -> dict[str, Any]:
    field = {"seccomp": "seccompProfile", "appArmor": "appArmorProfile"}[kind]
    return {"securityContext": {field: {"type": "Localhost", "localhostProfile": name}}}


def pod(*containers: dict[str, Any], **spec: Any) -> Pod:  # noqa: ANN401 - any field of a pod
    return pod_from({"spec": {"containers": list(containers), **spec}})


def said(judgment: Judgment) -> dict[str, str]:
    return {each.check.id: detail(each) for each in judgment.findings}


def judged(
    pod: Pod, snapshot: Snapshot, level: Level = Level.BASELINE, nodes: Hold = Hold.ALL
) -> dict[str, str]:
    return said(judge(pod, snapshot, LocalhostProfiles(nodes=nodes), level))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_said(case: dict[str, Any]) -> None:
    (kind,) = {"seccomp", "appArmor"} & set(case)
    inventory = two_nodes()
    if case[kind] == "mixed.json":
        with_mixed(inventory)
    subject = pod({"name": "cart", **localhost(kind, case[kind])}, **case.get("spec", {}))
    level = Level.parse(case.get("level", "baseline"))
    judgment = judge(
        subject, inventory.snapshot(), LocalhostProfiles(nodes=Hold(case.get("nodes", "all"))), level
    )

    assert said(judgment) == case.get("says", {})
    assert judgment.doubts == ()


def test_a_profile_of_the_pod_is_told_once_where_it_is_written() -> None:
    subject = pod({"name": "a"}, {"name": "b"}, **localhost("seccomp", "nowhere.json"))
    (finding,) = judge(subject, two_nodes().snapshot(), LocalhostProfiles(), Level.PRIVILEGED).findings
    (violation,) = finding.violations

    assert violation.path(subject) == ("spec", "securityContext", "seccompProfile", "localhostProfile")
    assert violation.value == "nowhere.json"
    assert detail(finding).startswith('pod must not use seccomp profile "nowhere.json": ')


def test_a_containers_profile_beats_that_of_the_pod() -> None:
    overridden = pod(
        {"name": "a", "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}},
        {"name": "b", **localhost("seccomp", "good.json")},
        **localhost("seccomp", "nowhere.json"),
    )

    assert judged(overridden, two_nodes().snapshot()) == {}


def test_one_profile_of_many_containers_is_one_sentence() -> None:
    subject = pod(
        *({"name": name, **localhost("seccomp", "nowhere.json")} for name in "abcde"),
        initContainers=[{"name": "i", **localhost("seccomp", "nowhere.json")}],
    )
    (sentence,) = judged(subject, two_nodes().snapshot()).values()

    assert sentence.startswith(
        'containers "i", "a", "b" and 3 more must not use seccomp profile "nowhere.json"'
    )


def test_a_privileged_container_runs_without_seccomp_but_with_app_armor() -> None:
    context = localhost("seccomp", "nowhere.json")["securityContext"] | {"privileged": True}
    assert judged(pod({"name": "a", "securityContext": context}), two_nodes().snapshot()) == {}

    context = localhost("appArmor", "nowhere")["securityContext"] | {"privileged": True}
    assert judged(pod({"name": "a", "securityContext": context}), two_nodes().snapshot())


def test_windows_pods_use_no_profile() -> None:
    subject = pod({"name": "a", **localhost("seccomp", "nowhere.json")}, os={"name": "windows"})

    assert judged(subject, two_nodes().snapshot()) == {}


@pytest.mark.parametrize("name", ["./good.json", "shop//cart.json", "shop/./cart.json/", "shop/cart.json/."])
def test_a_name_is_looked_up_as_the_kubelet_cleans_it(name: str) -> None:
    assert judged(pod({"name": "cart", **localhost("seccomp", name)}), two_nodes().snapshot()) == {}


def test_a_weak_profile_is_found_by_any_of_its_names() -> None:
    subject = pod({"name": "cart", **localhost("seccomp", ".//none.json")})

    assert set(judged(subject, two_nodes().snapshot())) == {"localhostProfileContent"}


def test_a_node_that_has_not_reported_does_not_lack_the_profile() -> None:
    inventory = two_nodes()
    inventory.put_node(Node("c"))
    snapshot = inventory.snapshot()

    assert judged(pod({"name": "cart", **localhost("seccomp", "good.json")}), snapshot) == {}
    (sentence,) = judged(pod({"name": "cart", **localhost("seccomp", "half.json")}), snapshot).values()
    assert sentence.endswith("it is missing on 1 of 2 nodes the pod may be scheduled to (b)")


def test_what_is_not_known_is_a_doubt() -> None:
    inventory = Inventory()
    inventory.put_node(Node("c"))
    subject = pod({"name": "cart", **localhost("seccomp", "localhost/x.json")})
    judgment = judge(subject, inventory.snapshot(), LocalhostProfiles(), Level.BASELINE)

    (doubt,) = judgment.doubts

    assert judgment.findings == ()
    assert doubt == (
        'seccomp profile "localhost/x.json" was not looked for: nothing is known of it on node c '
        "(localhost/ belongs to annotations of the past: fields name the path without it)"
    )


def test_before_the_nodes_are_known_only_what_is_certain_is_said() -> None:
    subject = pod(
        {"name": "cart", **localhost("seccomp", "x.json")}, {"name": "tea", **localhost("seccomp", "/x.json")}
    )
    judgment = judge(subject, NOTHING, LocalhostProfiles(), Level.BASELINE)

    assert list(said(judgment)) == ["localhostProfilePath"]
    assert judgment.doubts == ('seccomp profile "x.json" was not looked for: the nodes are not known yet',)


def test_what_a_node_left_out_may_be_there() -> None:
    inventory = Inventory()
    inventory.put_node(Node("c"))
    inventory.put_report(NodeReport("c", seccomp=(file("x.json"),), left_out=1))
    inventory.put_node(Node("d"))
    inventory.put_report(NodeReport("d", seccomp=(file("x.json"), file("y.json"))))

    assert judged(pod({"name": "cart", **localhost("seccomp", "y.json")}), inventory.snapshot()) == {}


def test_a_report_of_no_kernel_says_nothing_of_app_armor() -> None:
    inventory = Inventory()
    inventory.put_node(Node("c"))
    inventory.put_report(NodeReport("c"))
    subject = pod({"name": "cart", **localhost("appArmor", "shop-cart")})

    assert judged(subject, inventory.snapshot()) == {}
    inventory.put_report(NodeReport("c", kernel="6.18"))
    assert judged(subject, inventory.snapshot())


def test_only_what_is_added_is_judged_where_a_pod_runs_already() -> None:
    subject = pod(
        {"name": "cart", **localhost("seccomp", "nowhere.json")},
        ephemeralContainers=[{"name": "debug", **localhost("seccomp", "nothere.json")}, {"name": "calm"}],
    )
    debug, calm = subject.spec.ephemeral_containers or ()
    wanted, snapshot = LocalhostProfiles(), two_nodes().snapshot()

    (sentence,) = said(judge(subject, snapshot, wanted, Level.BASELINE, (debug,))).values()
    assert sentence.startswith('container "debug" must not use seccomp profile "nothere.json"')
    assert judge(subject, snapshot, wanted, Level.BASELINE, (calm,)) == Judgment()


def test_an_added_container_brings_the_profile_that_it_inherits() -> None:
    """Until then nothing may have run under it: every other container had its own."""
    subject = pod(
        {"name": "cart", **localhost("seccomp", "good.json")},
        ephemeralContainers=[{"name": "debug", **localhost("seccomp", "good.json")}, {"name": "heir"}],
        **localhost("seccomp", "neverwhere.json"),
    )
    debug, heir = subject.spec.ephemeral_containers or ()
    wanted, snapshot = LocalhostProfiles(), two_nodes().snapshot()

    (sentence,) = said(judge(subject, snapshot, wanted, Level.BASELINE, (heir,))).values()
    assert sentence.startswith('pod must not use seccomp profile "neverwhere.json"')
    assert judge(subject, snapshot, wanted, Level.BASELINE, (debug,)) == Judgment()


def test_a_pod_with_more_profiles_than_anybody_needs_is_not_looked_at_for_long() -> None:
    subject = pod(*({"name": f"c{each}", **localhost("seccomp", f"{each}.json")} for each in range(70)))
    found = judged(subject, two_nodes().snapshot())

    assert found["localhostProfilePath"].count("no more than 64 profiles are looked for") == 6
    assert found["localhostProfilePresence"].count("is missing on all") == 64


def test_the_words_of_several_controls_stand_in_one_sentence() -> None:
    subject = pod(
        {"name": "a", **localhost("seccomp", "/x")}, {"name": "b", **localhost("seccomp", "none.json")}
    )
    findings = judge(subject, two_nodes().snapshot(), LocalhostProfiles(), Level.BASELINE).findings

    assert violates(findings) == (
        'LocalhostProfiles: container "a" must not use seccomp profile "/x": it must be a path below '
        "/var/lib/kubelet/seccomp, and not start with a slash; "
        'container "b" must not use seccomp profile "none.json": it restricts nothing on 2 nodes (a, b), '
        "which level baseline does not allow"
    )


def test_a_pod_without_a_profile_of_the_node_or_a_volume_of_it_is_of_no_concern() -> None:
    assert not is_concerned(
        pod({"name": "a"}, securityContext={"seccompProfile": {"type": "RuntimeDefault"}})
    )
    assert is_concerned(pod({"name": "a"}, **localhost("appArmor", "x")))
    assert is_concerned(pod({"name": "a"}, volumes=[{"name": "v", "hostPath": {"path": "/"}}]))


def test_a_file_that_the_agent_could_not_read_is_there() -> None:
    inventory = Inventory()
    inventory.put_node(Node("c"))
    inventory.put_report(NodeReport("c", seccomp=(SeccompFile("x.json", "", 2**21, error="too large"),)))

    assert judged(pod({"name": "cart", **localhost("seccomp", "x.json")}), inventory.snapshot()) == {}


def many_nodes(*, lacking: int) -> Inventory:
    inventory = Inventory()
    for number in range(40):
        inventory.put_node(Node(f"n-{number:02}"))
        files = () if number < lacking else (file("good.json"),)
        inventory.put_report(NodeReport(f"n-{number:02}", seccomp=files))
    return inventory


def test_what_was_found_out_once_is_said_again_until_a_node_says_something_else() -> None:
    subject = pod({"name": "cart", **localhost("seccomp", "good.json")})
    inventory = many_nodes(lacking=5)
    before = judged(subject, inventory.snapshot())

    assert "5 of 40 nodes the pod may be scheduled to (n-00, n-01, n-02 and 2 more)" in str(before)
    assert judged(subject, inventory.snapshot()) == before
    inventory.put_report(NodeReport("n-00", seccomp=(file("good.json"),)))
    assert "4 of 40 nodes the pod may be scheduled to (n-01, n-02, n-03 and 1 more)" in str(
        judged(subject, inventory.snapshot())
    )


def test_the_same_nodes_are_asked_anew_for_another_level_and_another_wish() -> None:
    inventory = many_nodes(lacking=5)
    weak = NodeReport("n-39", seccomp=(file("good.json", profile_class="none"),))
    inventory.put_report(weak)
    subject = pod({"name": "cart", **localhost("seccomp", "good.json")})
    snapshot = inventory.snapshot()

    assert set(judged(subject, snapshot, Level.PRIVILEGED)) == {"localhostProfilePresence"}
    assert set(judged(subject, snapshot, Level.BASELINE)) == {
        "localhostProfilePresence",
        "localhostProfileContent",
    }
    assert set(judged(subject, snapshot, Level.BASELINE, Hold.ANY)) == {"localhostProfileContent"}


def test_more_profiles_than_are_kept_are_answered_all_the_same() -> None:
    snapshot = many_nodes(lacking=0).snapshot()
    for number in range(1500):
        assert judged(pod({"name": "c", **localhost("seccomp", f"{number}.json")}), snapshot)

    assert judged(pod({"name": "c", **localhost("seccomp", "good.json")}), snapshot) == {}
