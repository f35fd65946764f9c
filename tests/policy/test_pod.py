"""A pod as values: what is read, and what is refused."""

import json
from typing import Any

import pytest

from webhook.policy.path import dotted
from webhook.policy.pod import LONGEST_ANNOTATIONS, MOST_PARTS, MalformedObject, Pod, decode_pod, pod_from


@pytest.mark.parametrize(
    ("pod", "path"),
    [
        ({"spec": {"containers": [{"securityContext": {"privileged": "yes"}}]}},
         "spec.containers[0].securityContext.privileged"),
        ({"spec": {"containers": {}}}, "spec.containers"),
        ({"spec": {"hostPID": 1}}, "spec.hostPID"),
        ({"spec": {"securityContext": {"runAsUser": 1.0}}}, "spec.securityContext.runAsUser"),
        ({"spec": {"securityContext": {"runAsUser": 2**63}}}, "spec.securityContext.runAsUser"),
        ({"spec": {"containers": [{"ports": [{"hostPort": 2**31}]}]}},
         "spec.containers[0].ports[0].hostPort"),
        ({"metadata": {"annotations": {"a": 1}}}, "metadata.annotations[...]"),
        ({"spec": []}, "spec"),
        ([], ""),
        (None, ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_wrong_type_is_refused_with_its_path(pod: Any, path: str) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(MalformedObject) as from_object:
        pod_from(pod)
    with pytest.raises(MalformedObject) as from_text:
        decode_pod(json.dumps(pod).encode())

    assert from_object.value.path == from_text.value.path == path
    assert str(from_text.value).startswith(f"{path}: Expected `" if path else "Expected `")


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b'{"spec":"\xff"}', b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_not_json_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedObject):
        decode_pod(text)


def test_null_is_absent() -> None:
    pod = decode_pod(b'{"metadata":null,"spec":{"containers":null,"securityContext":null,"hostPID":null}}')

    assert not pod.contexts
    assert not pod.annotations
    assert not pod.spec.host_pid


def test_containers_are_init_then_regular_then_ephemeral() -> None:
    pod = pod_from(
        {
            "spec": {
                "ephemeralContainers": [{"name": "e"}],
                "containers": [{"name": "a"}, {"name": "b"}],
                "initContainers": [{"name": "i"}],
            }
        }
    )

    assert [container.name for container, _ in pod.contexts] == ["i", "a", "b", "e"]
    assert [dotted(pod.path_of(container)) for container, _ in pod.contexts] == [
        "spec.initContainers[0]",
        "spec.containers[0]",
        "spec.containers[1]",
        "spec.ephemeralContainers[0]",
    ]


def crowd(place: str) -> Any:  # noqa: ANN401 - any part of a pod
    """A pod with exactly as many parts as there may be, nearly all of them at *place*."""
    name, *others = place.split(".")[::-1]
    pod: Any = {name: [{}] * (MOST_PARTS if name.endswith("ontainers") else MOST_PARTS - 1)}
    if name in ("add", "drop"):
        capabilities = {name: [""] * (MOST_PARTS - 1)}
        pod = {"spec": {"containers": [{"securityContext": {"capabilities": capabilities}}]}}
    elif name == "ports":
        pod = {"spec": {"initContainers": [pod]}}
    elif name == "annotations":
        pod = {"metadata": {name: {str(at): None for at in range(MOST_PARTS - 1)}}}
    else:
        for each in others:
            pod = {each: pod}
    return pod


@pytest.mark.parametrize(
    "place",
    [
        "spec.containers",
        "spec.initContainers",
        "spec.ephemeralContainers",
        "spec.volumes",
        "spec.securityContext.sysctls",
        "ports",
        "add",
        "drop",
        "annotations",
    ],
)
def test_a_pod_of_more_parts_than_can_be_judged_in_time_is_refused(place: str) -> None:
    pod = crowd(place)
    assert isinstance(pod_from(pod), Pod)

    spec = pod.setdefault("spec", {})
    spec["containers"] = [*spec.get("containers", []), {}, {}]
    with pytest.raises(MalformedObject) as refused:
        pod_from(pod)
    assert str(refused.value).startswith("spec: must not have more than 32,768 containers, volumes, ")


def test_annotations_may_be_as_long_as_in_kubernetes() -> None:
    pod_from({"metadata": {"annotations": {"a": "b" * (LONGEST_ANNOTATIONS - 2), "c": None}}})

    with pytest.raises(MalformedObject) as refused:
        pod_from({"metadata": {"annotations": {"a": "b" * (LONGEST_ANNOTATIONS - 2), "c": "d"}}})
    assert str(refused.value) == (
        "metadata.annotations: must not be longer than 262,144 characters, all together"
    )


def test_every_part_knows_its_place() -> None:
    pod = pod_from(
        {"spec": {"containers": [{}, {}], "initContainers": [{}], "volumes": [{"name": "a"}, {"name": "a"}]}}
    )
    others = pod_from({"spec": {"containers": [{}]}}).contexts

    assert [dotted(pod.path_of(each)) for each, _ in pod.contexts] == [
        "spec.initContainers[0]",
        "spec.containers[0]",
        "spec.containers[1]",
    ]
    assert [dotted(pod.path_of(each)) for each in pod.spec.volumes or ()] == [
        "spec.volumes[0]",
        "spec.volumes[1]",
    ]
    with pytest.raises(LookupError):
        pod.path_of(others[0][0])
