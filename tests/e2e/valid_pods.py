"""Pods that an API server takes, most of them, and that leave open or say whatever defaults are about."""

from random import Random
from typing import Any

from tests.e2e.api import Manifest
from tests.e2e.objects import pod

_POD_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod"
_ANNOTATIONS = ("runtime/default", "docker/default", "unconfined", "localhost/shop/a.json", "localhost/../a")
_PROFILES: tuple[Any, ...] = (
    {"type": "RuntimeDefault"},
    {"type": "Unconfined"},
    {"type": "Localhost", "localhostProfile": "a.json"},
    {"type": "Localhost"},
    {},
    None,
)
_SHARED: dict[str, tuple[Any, ...]] = {
    "runAsNonRoot": (True, False, None),
    "runAsUser": (0, 1000, None),
    "seccompProfile": _PROFILES,
}
_OF_CONTAINERS: dict[str, tuple[Any, ...]] = {
    **_SHARED,
    "allowPrivilegeEscalation": (True, False, None),
    "privileged": (True, True, False),
    "procMount": ("Default", "Unmasked"),
    "capabilities": (
        None,
        {},
        {"drop": []},
        {"drop": ["ALL"]},
        {"drop": ["NET_RAW"]},
        {"add": ["NET_BIND_SERVICE"]},
        {"add": ["CAP_SYS_ADMIN"]},
        {"add": ["SYS_ADMIN"]},
        {"add": ["ALL"], "drop": ["ALL"]},
    ),
}


def valid_pod(random: Random, namespace: str, number: int) -> Manifest:
    """A pod of *namespace*; *number* makes its name."""
    spec: Manifest = {
        "containers": [_container(random, name) for name in "ab"[: random.choice((1, 1, 2))]],
        "initContainers": [_container(random, name) for name in "xy"[: random.choice((0, 0, 1, 2))]],
    }
    if random.random() < 0.5:
        spec["securityContext"] = _context(random, _SHARED) if random.random() < 0.7 else None
    if random.random() < 0.1:
        spec["hostUsers"] = random.choice((True, False))
    if random.random() < 0.15:
        spec["os"] = {"name": random.choice(("linux", "windows"))}
    if random.random() < 0.05:
        spec["nodeSelector"] = {"kubernetes.io/os": random.choice(("linux", "windows"))}
    if random.random() < 0.05:
        _host_process(spec)
    annotations = {}
    while random.random() < 0.25:
        key = random.choice(
            (_POD_ANNOTATION, *(f"container.seccomp.security.alpha.kubernetes.io/{name}" for name in "abxz"))
        )
        annotations[key] = random.choice(_ANNOTATIONS)
    return pod(f"pod-{number}", namespace, spec, annotations=annotations)


def _container(random: Random, name: str) -> Manifest:
    container: Manifest = {"name": name, "image": "registry.example/app:1"}
    if random.random() < 0.6:
        container["securityContext"] = _context(random, _OF_CONTAINERS) if random.random() < 0.8 else None
    return container


def _context(random: Random, fields: dict[str, tuple[Any, ...]]) -> Manifest:
    return {name: random.choice(values) for name, values in fields.items() if random.random() < 0.25}


def _host_process(spec: Manifest) -> None:
    spec["hostNetwork"] = True
    spec["securityContext"] = {"windowsOptions": {"hostProcess": True}}
