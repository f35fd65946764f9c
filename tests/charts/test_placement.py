"""Where the chart's pods run, and on what: spread, classes, scratch space, tokens."""

import pytest

from tests.charts.conftest import Rendering
from tests.charts.helm import Manifest, objects, render

SERVER = "guard-seccomp-webhook"


def spec_of(found: list[Manifest], name: str = SERVER) -> Manifest:
    [deployment] = [
        each for each in found if each["kind"] == "Deployment" and each["metadata"]["name"] == name
    ]
    spec: Manifest = deployment["spec"]["template"]["spec"]
    return spec


def rendered(values: Manifest) -> list[Manifest]:
    return objects(render(values).out)


def test_replicas_are_spread_over_hosts_and_zones_each_set_of_them_by_itself(default: Rendering) -> None:
    """Two replicas on one node are one replica; those of the last version do not count."""
    deployment = default.one("Deployment", SERVER)
    spread = deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]

    assert [each["topologyKey"] for each in spread] == [
        "kubernetes.io/hostname",
        "topology.kubernetes.io/zone",
    ]
    for each in spread:
        assert each["labelSelector"]["matchLabels"] == deployment["spec"]["selector"]["matchLabels"]
        assert each["matchLabelKeys"] == ["pod-template-hash"]
        assert (each["maxSkew"], each["whenUnsatisfiable"]) == (1, "ScheduleAnyway")


def test_spread_can_be_insisted_on_or_left_out() -> None:
    strict = spec_of(rendered({"topologySpread": {"host": "DoNotSchedule", "zone": ""}}))

    assert [
        (each["topologyKey"], each["whenUnsatisfiable"]) for each in strict["topologySpreadConstraints"]
    ] == [("kubernetes.io/hostname", "DoNotSchedule")]


@pytest.mark.parametrize("is_own", [True, False])
def test_runtime_class_and_user_namespace_are_the_cluster_s_unless_said(*, is_own: bool) -> None:
    spec = spec_of(rendered({"runtimeClassName": "gvisor", "hostUsers": False} if is_own else {}))

    assert ("runtimeClassName" in spec, "hostUsers" in spec) == (is_own, is_own)
    assert spec.get("hostUsers") in (None, False)


def test_what_is_written_is_in_memory_and_bounded(default: Rendering) -> None:
    """The root is read-only, and a slow disk must not slow a review down."""
    volumes = spec_of(default.objects)["volumes"]

    [scratch] = [each["emptyDir"] for each in volumes if "emptyDir" in each]
    assert scratch["medium"] == "Memory"
    assert scratch["sizeLimit"]


def test_tokens_are_short_lived_and_mounted_by_hand(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        for name, pod in rendering.pods():
            assert pod["spec"]["automountServiceAccountToken"] is False, (rendering.name, name)
            for volume in pod["spec"].get("volumes", ()):
                for source in volume.get("projected", {}).get("sources", ()):
                    token = source.get("serviceAccountToken")
                    assert token is None or token["expirationSeconds"] <= 3607, (rendering.name, name)


def test_hooks_are_deleted_when_they_are_done_and_their_rights_come_before_them(default: Rendering) -> None:
    hooks = [
        each for each in default.objects if "helm.sh/hook" in (each["metadata"].get("annotations") or {})
    ]
    assert {each["metadata"]["annotations"]["helm.sh/hook"] for each in hooks} == {"pre-delete", "test"}
    for each in hooks:
        annotations = each["metadata"]["annotations"]
        assert "hook-succeeded" in annotations["helm.sh/hook-delete-policy"]
        is_right = each["kind"] not in {"Job", "Pod"}
        assert (int(annotations.get("helm.sh/hook-weight", "0")) < 0) is is_right, each["kind"]
