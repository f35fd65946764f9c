"""What the API server fills in before a validating admission plugin sees an object, as the controls see it.

Of all that it fills in, three things reach a control: a volume without a source becomes an ``emptyDir``;
and, in pods but not in templates of pods, the ports of containers on the host's network become host
ports, and AppArmor annotations become fields. Source: Kubernetes 1.37, defaulting of ``core/v1`` and the
creation strategy of pods.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final, NamedTuple

from webhook.policy.pod import Path, Volume
from webhook.policy.workload import KINDS, UnknownKind

APP_ARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"

_SOURCES: Final = frozenset(Volume.__struct_encode_fields__) - {"name"}
_LONGEST_PROFILE: Final = 4095
_GO_BLANKS: Final = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

Manifest = Mapping[str, Any]
Addition = tuple[Path, Any]


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
        additions += _app_armor_profiles(pod, spec)
    if not additions:
        return Defaulted(manifest, ())
    additions = [((*workload.template, "spec", *path), value) for path, value in additions]
    return Defaulted(_with(manifest, additions), tuple(path for path, _ in additions))


def _empty_dirs(spec: Manifest) -> Iterator[Addition]:
    for index, volume in _entries(spec, "volumes"):
        for name, source in volume.items():
            if source is not None and name in _SOURCES:
                break
        else:
            yield ("volumes", index, "emptyDir"), {}


def _host_ports(spec: Manifest) -> Iterator[Addition]:
    if spec.get("hostNetwork") is not True:
        return
    for containers in ("initContainers", "containers"):
        for index, container in _entries(spec, containers):
            for number, port in _entries(container, "ports"):
                own = port.get("containerPort")
                if _is_int32(own) and own and _is_unset(port.get("hostPort")):
                    yield (containers, index, "ports", number, "hostPort"), own


def _is_int32(value: object) -> bool:
    return type(value) is int and -(2**31) <= value < 2**31


def _is_unset(port: object) -> bool:
    return port is None or (type(port) is int and port == 0)


def _app_armor_profiles(pod: Manifest, spec: Manifest) -> Iterator[Addition]:
    annotations = _object(_object(pod, "metadata"), "annotations")
    if not any(isinstance(key, str) and key.startswith(APP_ARMOR) for key in annotations):
        return
    if _object(spec, "os").get("name") == "windows":
        return
    of_pod = _object(spec, "securityContext").get("appArmorProfile")
    for containers in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in _entries(spec, containers):
            name = container.get("name")
            profile = _profile(annotations.get(f"{APP_ARMOR}{'' if name is None else name}"))
            context = container.get("securityContext")
            if (
                profile is not None
                and not _equal(profile, of_pod)
                and (
                    context is None
                    or (isinstance(context, dict) and context.get("appArmorProfile") is None)
                )
            ):
                yield (containers, index, "securityContext", "appArmorProfile"), profile


def _profile(annotation: object) -> dict[str, str] | None:
    """The profile that the value of an annotation stands for; None for one that is not valid."""
    if annotation == "unconfined":
        return {"type": "Unconfined"}
    if annotation == "runtime/default":
        return {"type": "RuntimeDefault"}
    if not isinstance(annotation, str) or not annotation.startswith("localhost/"):
        return None
    name = annotation.removeprefix("localhost/")
    size = len(name.encode(errors="surrogatepass"))
    if not name or name != name.strip(_GO_BLANKS) or size > _LONGEST_PROFILE:
        return None
    return {"type": "Localhost", "localhostProfile": name}


def _equal(profile: dict[str, str], of_pod: object) -> bool:
    return isinstance(of_pod, dict) and all(
        of_pod.get(field) == profile.get(field) for field in ("type", "localhostProfile")
    )


def _object(holder: Manifest, field: str) -> Manifest:
    """The object in a field; an empty one where there is none."""
    value = holder.get(field)
    return value if isinstance(value, dict) else {}


def _entries(holder: Manifest, field: str) -> Iterator[tuple[int, Manifest]]:
    """The objects in a list, with their places."""
    entries = holder.get(field)
    if isinstance(entries, list):
        for index, entry in enumerate(entries):
            if isinstance(entry, dict):
                yield index, entry


def _with(node: Any, additions: Iterable[Addition]) -> Any:  # noqa: ANN401 - a part of a manifest
    """A copy of *node* with the *additions*; parts without any are shared."""
    copy = {} if node is None else node.copy()
    for step, below in groupby(additions, key=lambda addition: addition[0][0]):
        rests = [(path[1:], value) for path, value in below]
        path, value = rests[0]
        copy[step] = _with(copy[step] if isinstance(copy, list) else copy.get(step), rests) if path else value
    return copy
