"""Which profiles of the node a pod asks for, and where it says so."""

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from webhook.policy.core_v1 import Container, Profile, SecurityContext
from webhook.policy.path import Path
from webhook.policy.pod import Pod

LOCALHOST: Final = "Localhost"
SECCOMP: Final = "seccomp"
APP_ARMOR: Final = "AppArmor"

_FIELDS: Final = {SECCOMP: "seccompProfile", APP_ARMOR: "appArmorProfile"}


class Setter(NamedTuple):
    """A place where a profile is named: in a container, or for all that inherit it from the pod (None)."""

    container: Container | None
    field: Path


class Asked(NamedTuple):
    """A profile, by what it is and its name, and every place that names it."""

    kind: str
    name: str
    setters: tuple[Setter, ...]


def asks(pod: Pod) -> bool:
    """Whether *pod* names any profile of the node, whoever it is for."""
    # Every pod is asked this, and most say no: a generator would take three times as long.
    for _, context in pod.setters:
        seccomp, app_armor = context.seccomp_profile, context.app_armor_profile
        if (seccomp is not None and seccomp.type == LOCALHOST) or (
            app_armor is not None and app_armor.type == LOCALHOST
        ):
            return True
    return False


def asked(pod: Pod, containers: Collection[Container] | None = None) -> tuple[Asked, ...]:
    """The profiles of the node that take effect in *pod*, or in *containers* of it alone.

    A container's own profile beats the pod's. A privileged container runs without seccomp, whatever it says.
    Source: Kubernetes documentation, "Configure a Security Context for a Pod or Container"; for privileged
    containers the sources of containerd and CRI-O.
    """
    found: dict[tuple[str, str], list[Setter]] = {}
    if not pod.is_windows:
        for kind in _FIELDS:
            for name, setter in _setters(pod, kind, containers):
                found.setdefault((kind, name), []).append(setter)
    return tuple(Asked(kind, name, tuple(setters)) for (kind, name), setters in found.items())


def _setters(pod: Pod, kind: str, containers: Collection[Container] | None) -> Iterator[tuple[str, Setter]]:
    field: Path = ("securityContext", _FIELDS[kind], "localhostProfile")
    meant = None if containers is None else {id(each) for each in containers}
    of_pod = _profile(pod.context, kind)
    own = [
        (container, _profile(context, kind))
        for container, context in pod.contexts
        if (kind != SECCOMP or not context.privileged) and (meant is None or id(container) in meant)
    ]
    if _is_localhost(of_pod) and any(profile is None for _, profile in own):
        yield _name(of_pod), Setter(None, ("spec", *field))
    for container, profile in own:
        if _is_localhost(profile):
            yield _name(profile), Setter(container, field)


def _profile(context: SecurityContext, kind: str) -> Profile | None:
    return context.seccomp_profile if kind == SECCOMP else context.app_armor_profile


def _is_localhost(profile: Profile | None) -> bool:
    return profile is not None and profile.type == LOCALHOST


def _name(profile: Profile | None) -> str:
    return (profile.localhost_profile if profile else None) or ""
