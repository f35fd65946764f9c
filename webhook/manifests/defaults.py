"""What the API server fills in before a validating admission plugin sees an object, as the controls see it.

Of all that it fills in, three things reach a control: a volume without a source becomes an ``emptyDir``;
and, in pods but not in templates of pods, the ports of containers on the host's network become host
ports, and AppArmor annotations become fields. Source: Kubernetes 1.37, defaulting of ``core/v1`` and the
creation strategy of pods.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final, NamedTuple

from webhook.manifests.defaults_app_armor import app_armor_profiles
from webhook.manifests.defaults_parts import Addition, Manifest, entries
from webhook.policy.core_v1 import Volume
from webhook.policy.path import Path
from webhook.policy.workload import KINDS, UnknownKind

_SOURCES: Final = frozenset(Volume.__struct_encode_fields__) - {"name"}


class Defaulted(NamedTuple):
    """A manifest as the API server completes it, and the paths of the fields that it filled in."""

    manifest: Any
    filled: tuple[Path, ...]


def with_defaults(manifest: Any, api_version: str, kind: str) -> Defaulted:  # noqa: ANN401 - a parser's result
    """*manifest* with what the API server fills in; itself, not a copy, where that is nothing.

    What is malformed stays as it is. Raises UnknownKind.
    """
    workload = KINDS.get((api_version, kind))
    if workload is None:
        raise UnknownKind(f"{api_version}, Kind={kind}")
    pod = manifest
    for step in workload.template:
        if not isinstance(pod, dict):
            break
        pod = pod.get(step)
    spec = pod.get("spec") if isinstance(pod, dict) else None
    if not isinstance(spec, dict):
        return Defaulted(manifest, ())
    additions = list(_empty_dirs(spec))
    if not workload.template:
        additions += _host_ports(spec)
        additions += app_armor_profiles(pod, spec)
    if not additions:
        return Defaulted(manifest, ())
    additions = [((*workload.template, "spec", *path), value) for path, value in additions]
    return Defaulted(_with(manifest, additions), tuple(path for path, _ in additions))


def _empty_dirs(spec: Manifest) -> Iterator[Addition]:
    for index, volume in entries(spec, "volumes"):
        for name, source in volume.items():
            if source is not None and name in _SOURCES:
                break
        else:
            yield ("volumes", index, "emptyDir"), {}


def _host_ports(spec: Manifest) -> Iterator[Addition]:
    if spec.get("hostNetwork") is not True:
        return
    for containers in ("initContainers", "containers"):
        for index, container in entries(spec, containers):
            for number, port in entries(container, "ports"):
                own = port.get("containerPort")
                if _is_int32(own) and own and _is_unset(port.get("hostPort")):
                    yield (containers, index, "ports", number, "hostPort"), own


def _is_int32(value: object) -> bool:
    return type(value) is int and -(2**31) <= value < 2**31


def _is_unset(port: object) -> bool:
    return port is None or (type(port) is int and port == 0)


def _with(node: Any, additions: Iterable[Addition]) -> Any:  # noqa: ANN401 - a part of a manifest
    """A copy of *node* with the *additions*; parts without any are shared."""
    copy = {} if node is None else node.copy()
    for step, below in groupby(additions, key=lambda addition: addition[0][0]):
        rests = [(path[1:], value) for path, value in below]
        path, value = rests[0]
        copy[step] = _with(copy[step] if isinstance(copy, list) else copy.get(step), rests) if path else value
    return copy
