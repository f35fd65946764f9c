"""Every kind that holds a pod, and the pod inside."""

import json
from typing import Any

import pytest

from webhook.policy.pod import MalformedObject, Pod
from webhook.policy.workload import KINDS, UnknownKind, decode_workload, pod_of


def holding(api_version: str, kind: str, template: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    manifest = template
    for step in reversed(KINDS[api_version, kind].template):
        manifest = {step: manifest}
    return {"apiVersion": api_version, "kind": kind, **(manifest or {})}


def test_there_are_eight_controllers() -> None:
    controllers = {(each.group, each.resource) for each in KINDS.values() if each.template}

    assert len(controllers) == 8


@pytest.mark.parametrize(("api_version", "kind"), KINDS)
def test_the_pod_inside_is_found(api_version: str, kind: str) -> None:
    manifest = holding(
        api_version, kind, {"metadata": {"name": "x"}, "spec": {"containers": [{"name": "a"}]}}
    )

    for pod in (
        pod_of(api_version, kind, manifest),
        decode_workload(api_version, kind, json.dumps(manifest).encode()),
    ):
        assert isinstance(pod, Pod)
        assert [container.name for container, _ in pod.contexts] == ["a"]


@pytest.mark.parametrize(("api_version", "kind"), KINDS)
def test_a_missing_template_is_no_pod_where_it_is_optional_and_an_empty_pod_elsewhere(
    api_version: str, kind: str
) -> None:
    manifest = {"apiVersion": api_version, "kind": kind}
    is_optional = KINDS[api_version, kind].template_is_optional

    assert (pod_of(api_version, kind, manifest) is None) is is_optional
    assert (decode_workload(api_version, kind, json.dumps(manifest).encode()) is None) is is_optional


@pytest.mark.parametrize(("api_version", "kind"), KINDS)
def test_a_wrong_type_is_refused_with_its_path_from_the_top(api_version: str, kind: str) -> None:
    manifest = holding(api_version, kind, {"spec": {"hostPID": "x"}})
    path = ".".join((*KINDS[api_version, kind].template, "spec", "hostPID"))

    with pytest.raises(MalformedObject, match=f"^{path}: "):
        pod_of(api_version, kind, manifest)
    with pytest.raises(MalformedObject, match=f"^{path}: "):
        decode_workload(api_version, kind, json.dumps(manifest).encode())


@pytest.mark.parametrize("manifest", [{"spec": []}, {"spec": {"template": 5}}, {"spec": "x"}])
def test_a_template_that_is_no_object_is_refused(manifest: dict[str, Any]) -> None:
    named = {"apiVersion": "apps/v1", "kind": "Deployment"} | manifest

    with pytest.raises(MalformedObject, match=r"^spec"):
        pod_of("apps/v1", "Deployment", named)
    with pytest.raises(MalformedObject, match=r"^spec"):
        decode_workload("apps/v1", "Deployment", json.dumps(named).encode())


def test_another_kind_is_unknown() -> None:
    with pytest.raises(UnknownKind, match=r"^example.com/v1, Kind=Foo$"):
        pod_of("example.com/v1", "Foo", {})
    with pytest.raises(UnknownKind):
        decode_workload("extensions/v1beta1", "Deployment", b"{}")
