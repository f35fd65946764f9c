"""Pods and controllers that leave open what the API server fills in, or that it must leave alone."""

from collections.abc import Sequence
from copy import deepcopy
from random import Random
from typing import Any

import msgspec

from tests.strategies.pods import put
from webhook.manifests.defaults_app_armor import APP_ARMOR
from webhook.policy.core_v1 import Volume
from webhook.policy.pod import Pod
from webhook.policy.workload import KINDS

Manifest = dict[str, Any]

ABSENT = object()
SOURCES = [each for each in Volume.__struct_encode_fields__ if each != "name"]
PORTS: tuple[Manifest, ...] = (
    {},
    {"containerPort": 80},
    {"containerPort": 80, "hostPort": None},
    {"containerPort": 80, "hostPort": 0},
    {"containerPort": 80, "hostPort": 81},
    {"containerPort": 0},
    {"containerPort": -1},
    {"containerPort": None},
    {"hostPort": 82},
)
ANNOTATIONS = (
    *("unconfined", "runtime/default", "localhost/a", "localhost/../b/", "localhost/日本"),
    *("", None, "localhost/", "docker/default", "Unconfined", "runtime/default "),
    *("localhost/ a", "localhost/a\n", "localhost/\u00a0a", "localhost/a\u3000", "localhost/a\u200b"),
    *("localhost/a\x1c", "localhost/a b", "localhost/\u2028a", "localhost/a\x85"),
    *(f"localhost/{'a' * 4095}", f"localhost/{'a' * 4096}"),
    *(f"localhost/{'ü' * 2047}", f"localhost/{'ü' * 2048}"),
)
PROFILES: tuple[Manifest, ...] = (
    {},
    {"type": "Unconfined"},
    {"type": "RuntimeDefault"},
    {"type": "RuntimeDefault", "localhostProfile": None},
    {"type": "RuntimeDefault", "localhostProfile": ""},
    {"type": "Localhost", "localhostProfile": "a"},
    {"type": "Localhost"},
)
CONTEXTS = (
    *(ABSENT, ABSENT, ABSENT, None, {}, {"runAsUser": 0}, {"appArmorProfile": None}),
    *({"appArmorProfile": each} for each in PROFILES),
)
NAMES = ("a", "a", "b", "c", "", None, ABSENT)
ANNOTATED = ("a", "a", "b", "")
SYSTEMS = (*[ABSENT] * 6, None, {}, {"name": "linux"}, {"name": "windows"}, {"name": "Windows"})


def manifest(random: Random) -> Manifest:
    """A pod, more often than not, or one of the controllers."""
    api_version, kind = random.choice([("v1", "Pod"), random.choice(list(KINDS))])
    return deepcopy(held(api_version, kind, _pod(random)))  # so that nobody changes the tables above


def held(api_version: str, kind: str, pod: Manifest) -> Manifest:
    """An object of some kind that holds *pod*."""
    holder: Manifest = {"apiVersion": api_version, "kind": kind}
    for field, value in pod.items():
        put(holder, (*KINDS[api_version, kind].template, field), value)
    return holder


def seen(pod: Pod | None) -> Any:  # noqa: ANN401 - JSON
    """What the controls see of a pod, without what is the same to them as nothing."""
    if pod is None:
        return None
    spec = _pruned(msgspec.json.decode(msgspec.json.encode(pod.spec)))
    if spec.get("securityContext") == {}:
        del spec["securityContext"]
    annotations = {key: value or "" for key, value in pod.annotations.items()}
    return {"annotations": annotations, "spec": spec} if annotations else {"spec": spec}


def _pruned(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        return [_pruned(each) for each in value]
    if not isinstance(value, dict):
        return value
    pruned = {name: _pruned(member) for name, member in value.items()}
    return {name: member for name, member in pruned.items() if member or isinstance(member, dict)}


def _pod(random: Random) -> Manifest:
    annotations = {
        random.choice([APP_ARMOR, APP_ARMOR, "example.com/"]) + name: random.choice(ANNOTATIONS)
        for name in random.sample(ANNOTATED, random.choice([0, 1, 2, 3]))
    }
    metadata = _written(annotations=random.choice([annotations, annotations, None, ABSENT]))
    return _written(
        metadata=random.choice([ABSENT, None, *[metadata] * 10]),
        spec=random.choice([ABSENT, None, *[_spec(random)] * 20]),
    )


def _spec(random: Random) -> Manifest:
    return _written(
        hostNetwork=random.choice([True, True, True, False, None, ABSENT]),
        securityContext=random.choice(CONTEXTS),
        os=random.choice(SYSTEMS),
        volumes=_some(random, [_volume(random) for _ in range(random.choice([1, 3]))]),
        initContainers=_some(random, [_container(random) for _ in range(random.choice([1, 2]))]),
        containers=_some(random, [_container(random) for _ in range(random.choice([1, 1, 3]))]),
        ephemeralContainers=_some(random, [_container(random) for _ in range(random.choice([0, 0, 2]))]),
    )


def _volume(random: Random) -> Manifest:
    one, other = random.sample(SOURCES, 2)
    sources = ({}, {}, {one: None}, {one: {}}, {one: {}, other: None}, {one: {}, other: {}})
    return {"name": "v", **random.choice(sources)}


def _container(random: Random) -> Manifest:
    return _written(
        name=random.choice(NAMES),
        securityContext=random.choice(CONTEXTS),
        ports=_some(random, random.sample(PORTS, random.choice([1, 1, 3]))),
    )


def _some(random: Random, entries: Sequence[Any]) -> Any:  # noqa: ANN401 - or ABSENT
    return random.choice([ABSENT, None, [], *[list(entries)] * 6])


def _written(**fields: Any) -> Manifest:  # noqa: ANN401 - any JSON, or ABSENT
    return {name: value for name, value in fields.items() if value is not ABSENT}
