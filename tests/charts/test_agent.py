"""The agents of the nodes: what they may do, what they see of a node, and that one speaks for itself."""

import json
import re
from functools import cache
from typing import Any

import celpy
import pytest
import yaml

from tests.charts.conftest import Rendering
from tests.charts.helm import FULL_NAME, Manifest, objects, render
from webhook.agent.limits import LIMITS
from webhook.nodes.label_names import PREFIX
from webhook.nodes.report import AppArmorProfile, NodeReport, SeccompFile
from webhook.nodes.wire import GROUP, KIND, PLURAL, VERSION, status_of

AGENT = f"{FULL_NAME}-agent"


def agents(renderings: list[Rendering]) -> list[tuple[Rendering, Manifest]]:
    """The renderings that have agents, with their DaemonSets."""
    return [(each, each.one("DaemonSet")) for each in renderings if each.of("DaemonSet")]


def test_there_are_agents_only_where_they_are_asked_for(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        asked = 1 if rendering.value("agent", "enabled", default=False) else 0
        assert len(rendering.of("DaemonSet")) == asked, rendering.name
    assert len(agents(renderings)) > 4


def test_they_are_on_every_node_and_replaced_bit_by_bit(default: Rendering) -> None:
    assert default.of("DaemonSet") == []
    spec = one({"agent": {"enabled": True}}, "DaemonSet")["spec"]

    assert spec["template"]["spec"]["tolerations"] == [{"operator": "Exists"}]
    assert spec["template"]["spec"]["priorityClassName"] == "system-node-critical"
    assert spec["updateStrategy"]["rollingUpdate"] == {"maxUnavailable": "10%", "maxSurge": 0}


def test_what_they_see_of_a_node_is_read_only_but_for_the_installer(renderings: list[Rendering]) -> None:
    for rendering, found in agents(renderings):
        spec = found["spec"]["template"]["spec"]
        (container,) = spec["containers"]
        mounts = {each["name"]: each for each in container["volumeMounts"]}
        paths = {each["name"]: each["hostPath"] for each in spec["volumes"] if "hostPath" in each}
        writes = rendering.value("agent", "installer", "enabled", default=False)
        folder = rendering.value("agent", "seccompDir", default="/var/lib/kubelet/seccomp")
        tells_of_app_armor = rendering.value("agent", "appArmor", default=True)

        assert paths["seccomp"] == {"path": folder, "type": "DirectoryOrCreate"}, rendering.name
        assert mounts["seccomp"]["mountPath"] == folder, rendering.name
        assert mounts["seccomp"]["readOnly"] is not writes, rendering.name
        assert {*paths} == ({"seccomp", "security"} if tells_of_app_armor else {"seccomp"}), rendering.name
        assert not tells_of_app_armor or mounts["security"]["readOnly"] is True, rendering.name
        # The profile of containerd and CRI-O denies /sys/kernel/security/** to containers.
        assert not any(each["mountPath"].startswith("/sys") for each in mounts.values()), rendering.name


def test_they_have_no_capability_no_port_and_no_namespace_of_the_node(renderings: list[Rendering]) -> None:
    for rendering, found in agents(renderings):
        spec = found["spec"]["template"]["spec"]
        (container,) = spec["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, rendering.name
        assert "ports" not in container, rendering.name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & {*spec}, rendering.name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, rendering.name


def test_their_rights_are_what_is_asked_of_them(renderings: list[Rendering]) -> None:
    for rendering, _ in agents(renderings):
        roles = [each for each in rendering.of("ClusterRole") if each["metadata"]["name"].endswith("-agent")]
        for role in roles:
            rights = {
                f"{verb} {resource}"
                for rule in role["rules"]
                for verb in rule["verbs"]
                for resource in rule["resources"]
            }
            expected = {
                "get nodes",
                f"get {PLURAL}",
                f"create {PLURAL}",
                f"patch {PLURAL}",
                f"patch {PLURAL}/status",
            }
            expected |= {"patch nodes"} if rendering.value("agent", "labelNodes", default=False) else set()
            expected |= (
                {"list pods"} if rendering.value("agent", "installer", "enabled", default=False) else set()
            )
            assert rights == expected, rendering.name


def test_the_webhook_reads_nodes_and_profiles_only_where_it_is_to_know_of_them(
    renderings: list[Rendering],
) -> None:
    for rendering in renderings:
        asked = rendering.value("localhostProfiles", "enabled", default=False)
        for role in rendering.of("ClusterRole"):
            if role["metadata"]["name"] == rendering.full_name:
                rights = {
                    (resource, verb)
                    for rule in role["rules"]
                    for resource in rule["resources"]
                    for verb in rule["verbs"]
                }
                of_nodes = ("nodes", PLURAL, "seccompprofiles", "securityprofilenodestatuses")
                wanted = {(each, verb) for each in of_nodes for verb in ("list", "watch")}
                assert (rights & wanted) == (wanted if asked else set()), rendering.name


def test_the_definition_comes_with_who_needs_it(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        needed = rendering.value("agent", "enabled", default=False)
        needed = needed or rendering.value("localhostProfiles", "enabled", default=False)
        needed = needed and rendering.value("nodeProfiles", "createDefinition", default=True)
        assert len(rendering.of("CustomResourceDefinition")) == (1 if needed else 0), rendering.name


def one(values: Manifest, kind: str) -> Manifest:
    ran = render(values)
    assert ran.status == 0, ran.err
    (found,) = [each for each in objects(ran.out) if each["kind"] == kind and "agent" in str(each)]
    return found


@pytest.fixture(scope="module")
def schema() -> Manifest:
    """What the definition says of a status."""
    definition = one({"agent": {"enabled": True}}, "CustomResourceDefinition")["spec"]
    assert (definition["group"], definition["names"]["kind"], definition["names"]["plural"]) == (
        GROUP,
        KIND,
        PLURAL,
    )
    (version,) = definition["versions"]
    assert version["name"] == VERSION
    found: Manifest = version["schema"]["openAPIV3Schema"]["properties"]["status"]
    return found


def test_the_definition_has_every_field_that_agents_write(schema: Manifest) -> None:
    everything = NodeReport(
        "one", "containerd", "2", "6", "amd64", True,  # noqa: FBT003 - a value of the report
        (SeccompFile("a.json", f"sha256:{'0' * 64}", 1, "weaker", "wrong"),),
        (AppArmorProfile("web", "enforce"),), 1,
    )  # fmt: skip

    def compare(value: Any, wanted: Manifest) -> None:  # noqa: ANN401 - values of any kind
        if isinstance(value, dict):
            assert {*value} == {*wanted["properties"]}
            for key, inner in value.items():
                compare(inner, wanted["properties"][key])
        elif isinstance(value, list):
            compare(value[0], wanted["items"])

    compare(status_of(everything), schema)


def test_what_an_agent_lists_at_most_is_taken(schema: Manifest) -> None:
    listed = schema["properties"]["seccomp"]
    assert listed["maxItems"] >= LIMITS.files
    assert listed["items"]["properties"]["path"]["maxLength"] >= LIMITS.path
    assert listed["items"]["properties"]["error"]["maxLength"] >= LIMITS.error


PROFILES = {"profiles/audit.json": {"defaultAction": "SCMP_ACT_LOG"}, "text.json": '{"a":\n 1}\n'}


def test_profiles_of_the_values_are_files_of_the_same_paths() -> None:
    values = {"agent": {"enabled": True, "installer": {"enabled": True}, "profiles": PROFILES}}
    data = one(values, "ConfigMap")["data"]
    volumes = one(values, "DaemonSet")["spec"]["template"]["spec"]["volumes"]
    (items,) = [each["configMap"]["items"] for each in volumes if each["name"] == "profiles"]
    written = {each["path"]: data[each["key"]] for each in items}

    assert json.loads(written["profiles/audit.json"]) == PROFILES["profiles/audit.json"]
    assert written["text.json"].strip() == str(PROFILES["text.json"]).strip()
    assert len(data) == len(items) == 2


@cache
def compiled(text: str) -> celpy.Runner:
    """The rule in *text*. Optional fields are of Kubernetes' CEL and not of the evaluator's."""
    environment = celpy.Environment()
    text = re.sub(r'\.orValue\((\[\]|\{\}|"")\)', "", text.replace("[?", "[").replace(".?", "."))
    return environment.program(environment.compile(text))


def allowed(
    policy: Manifest, request: Manifest, new: Manifest, old: Manifest | None = None, *, rule: int = 0
) -> bool:
    """Whether a rule of the policy lets *request* pass; all fields that the rule asks for must be there."""
    program = compiled(policy["spec"]["validations"][rule]["expression"])
    values = {"request": request, "object": new, "oldObject": old}
    return bool(program.evaluate({name: celpy.json_to_cel(value) for name, value in values.items()}))


def test_an_agent_writes_of_its_own_node_alone() -> None:
    policy = one({"agent": {"enabled": True}}, "ValidatingAdmissionPolicy")
    request = {"userInfo": {"extra": {"authentication.kubernetes.io/node-name": ["node-1"]}}}

    assert allowed(policy, request, {"metadata": {"name": "node-1"}})
    assert not allowed(policy, request, {"metadata": {"name": "node-2"}})
    assert policy["spec"]["failurePolicy"] == "Fail"
    assert [each["expression"] for each in policy["spec"]["matchConditions"]] == [
        f'request.userInfo.username == "system:serviceaccount:pod-security:{AGENT}"'
    ]


def test_the_labels_that_it_may_change_are_those_that_it_writes() -> None:
    policy = one({"agent": {"enabled": True, "labelNodes": True}}, "ValidatingAdmissionPolicy")

    assert f'"{PREFIX}"' in policy["spec"]["validations"][1]["expression"]
    assert "nodes" in yaml.safe_dump(policy["spec"]["matchConstraints"])


@pytest.mark.parametrize(
    ("changes", "passes"),
    [
        ({}, True),
        ({"labels": {"zone": "a", f"{PREFIX}web": "1"}}, True),
        ({"labels": {"zone": "b"}}, False),
        ({"labels": {}}, False),
        ({"annotations": {"a": "2"}}, False),
        ({"finalizers": ["example.io/a", "example.io/stay"]}, False),
        ({"finalizers": []}, False),
        ({"ownerReferences": [{"kind": "Node", "name": "gone", "uid": "2"}]}, False),
    ],
)
def test_an_agent_changes_nothing_of_its_node_but_its_labels(changes: Manifest, *, passes: bool) -> None:
    policy = one({"agent": {"enabled": True, "labelNodes": True}}, "ValidatingAdmissionPolicy")
    metadata = {
        "name": "node-1",
        "labels": {"zone": "a"},
        "annotations": {"a": "1"},
        "finalizers": ["example.io/a"],
        "ownerReferences": [{"kind": "Machine", "name": "m", "uid": "1"}],
    }
    old = {"metadata": metadata, "spec": {"podCIDR": "10.0.0.0/24"}}
    new = {**old, "metadata": {**metadata, **changes}}
    request = {"resource": {"resource": "nodes"}}

    assert allowed(policy, request, new, old, rule=1) is passes


def test_a_policy_is_bound_and_denies(renderings: list[Rendering]) -> None:
    for rendering, _ in agents(renderings):
        policies = [each["metadata"]["name"] for each in rendering.of("ValidatingAdmissionPolicy")]
        bindings = [each["spec"] for each in rendering.of("ValidatingAdmissionPolicyBinding")]
        wanted = rendering.value("agent", "ownNodeOnly", default=True)
        assert len(policies) == (1 if wanted else 0), rendering.name
        assert [each["policyName"] for each in bindings] == policies, rendering.name
        assert all(each["validationActions"] == ["Deny"] for each in bindings), rendering.name
