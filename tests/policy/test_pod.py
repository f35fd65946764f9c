"""A pod as values: what is read, and what is refused."""

import json
from typing import Any

import pytest

from webhook.policy.path import dotted
from webhook.policy.pod import MalformedObject, decode_pod, pod_from


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
