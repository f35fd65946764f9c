from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.defaults_cases import Manifest, held, seen
from tests.conformance.defaults_cases import manifest as open_manifest
from tests.conformance.defaults_records import records
from tests.strategies.json_values import json_values, places
from webhook.manifests.defaults import with_defaults
from webhook.manifests.defaults_app_armor import APP_ARMOR
from webhook.manifests.fields_known import known
from webhook.policy.core_v1 import Volume
from webhook.policy.path import Path
from webhook.policy.workload import KINDS, UnknownKind, pod_of

manifests = st.randoms(use_true_random=False).map(open_manifest)


def test_pods_are_completed_as_on_record() -> None:
    for manifest, expected in records():
        key = manifest["apiVersion"], manifest["kind"]

        assert seen(pod_of(*key, with_defaults(manifest, *key).manifest)) == expected, manifest


@pytest.mark.parametrize("key", KINDS, ids=str)
def test_a_volume_without_a_source_is_an_empty_dir(key: tuple[str, str]) -> None:
    manifest = held(*key, {"spec": {"volumes": [{"name": "a", "secret": {}}, {"name": "b", "nfs": None}]}})
    volumes = (*KINDS[key].template, "spec", "volumes")

    completed, filled = with_defaults(manifest, *key)

    assert filled == ((*volumes, 1, "emptyDir"),)
    assert at(completed, volumes) == [{"name": "a", "secret": {}}, {"name": "b", "nfs": None, "emptyDir": {}}]


def test_all_sources_of_volumes_are_known() -> None:
    assert set(Volume.__struct_encode_fields__) == set(known().types["Volume"])


def test_ports_on_the_network_of_the_host_are_host_ports() -> None:
    ports = [
        {"containerPort": 80},
        {"containerPort": 81, "hostPort": 82},
        {"containerPort": 83, "hostPort": 0},
    ]
    pod = {"hostNetwork": True, "initContainers": [{"ports": ports[:1]}], "containers": [{"ports": ports}]}

    completed, filled = with_defaults({"spec": pod}, "v1", "Pod")

    assert filled == (
        ("spec", "initContainers", 0, "ports", 0, "hostPort"),
        ("spec", "containers", 0, "ports", 0, "hostPort"),
        ("spec", "containers", 0, "ports", 2, "hostPort"),
    )
    assert [each["hostPort"] for each in completed["spec"]["containers"][0]["ports"]] == [80, 82, 83]


@pytest.mark.parametrize(
    ("annotation", "profile"),
    [
        ("unconfined", {"type": "Unconfined"}),
        ("runtime/default", {"type": "RuntimeDefault"}),
        ("localhost/a/b", {"type": "Localhost", "localhostProfile": "a/b"}),
        (f"localhost/{'a' * 4095}", {"type": "Localhost", "localhostProfile": "a" * 4095}),
    ],
)
def test_an_app_armor_annotation_becomes_a_field(annotation: str, profile: Manifest) -> None:
    pod = {
        "metadata": {"annotations": {f"{APP_ARMOR}b": annotation}},
        "spec": {"containers": [{"name": "a"}, {"name": "b"}]},
    }

    completed, filled = with_defaults(pod, "v1", "Pod")

    assert filled == (("spec", "containers", 1, "securityContext", "appArmorProfile"),)
    assert completed["spec"]["containers"][1]["securityContext"] == {"appArmorProfile": profile}


@pytest.mark.parametrize(
    ("annotation", "spec"),
    [
        ("docker/default", {}),
        ("localhost/", {}),
        ("localhost/a ", {}),
        (f"localhost/{'ü' * 2048}", {}),
        ("unconfined", {"os": {"name": "windows"}}),
        ("unconfined", {"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}),
        ("unconfined", {"containers": [{"name": "a", "securityContext": {"appArmorProfile": {}}}]}),
    ],
    ids=str,
)
def test_some_app_armor_annotations_stay_annotations(annotation: str, spec: Manifest) -> None:
    pod = {
        "metadata": {"annotations": {f"{APP_ARMOR}a": annotation}},
        "spec": {"containers": [{"name": "a"}], **spec},
    }

    assert with_defaults(pod, "v1", "Pod").manifest is pod


@pytest.mark.parametrize("key", [key for key, workload in KINDS.items() if workload.template], ids=str)
def test_in_templates_neither_ports_nor_profiles_are_filled_in(key: tuple[str, str]) -> None:
    container = {"name": "a", "ports": [{"containerPort": 80}]}
    template = {
        "metadata": {"annotations": {f"{APP_ARMOR}a": "unconfined"}},
        "spec": {"hostNetwork": True, "containers": [container]},
    }

    assert with_defaults(held(*key, template), *key).filled == ()


def test_other_kinds_are_refused() -> None:
    with pytest.raises(UnknownKind):
        with_defaults({}, "v1", "Service")


@given(manifest=manifests)
def test_a_manifest_is_not_changed_and_its_copy_shares_what_it_can(manifest: Manifest) -> None:
    key = manifest["apiVersion"], manifest["kind"]
    before = deepcopy(manifest)

    completed, filled = with_defaults(manifest, *key)

    assert manifest == before
    assert (completed is manifest) == (not filled)
    assert with_defaults(completed, *key) == (completed, ())
    for path in places(manifest):
        if not any(each[: len(path)] == path or path[: len(each)] == each for each in filled):
            assert at(completed, path) is at(manifest, path)


@given(data=st.data(), manifest=manifests, value=json_values())
def test_any_json_anywhere_is_left_to_others(data: st.DataObject, manifest: Manifest, value: object) -> None:
    key = manifest["apiVersion"], manifest["kind"]
    place = data.draw(st.sampled_from(sorted(places(manifest), key=str)))
    if place:
        at(manifest, place[:-1])[place[-1]] = value
    before = deepcopy(manifest)

    completed, filled = with_defaults(manifest if place else value, *key)

    assert manifest == before
    for path in filled:
        assert at(completed, path) not in (None, 0)


def at(manifest: Any, path: Path) -> Any:  # noqa: ANN401 - any JSON
    """What stands at *path*."""
    for step in path:
        manifest = manifest[step]
    return manifest
