"""Volumes through which a pod can write the profiles of its node, its own among them.

Source: Kubernetes documentation, "Volumes", sections "hostPath" and "Using subPath".
"""

from collections.abc import Collection, Iterator
from posixpath import normpath
from typing import Final

from webhook.policy.core_v1 import Container, Volume
from webhook.policy.pod import Pod

MOST_PARTS: Final = 1024
"""Parts of one volume that are looked at: nobody mounts more of them, but to be looked at for long."""


def mounts_host(pod: Pod) -> bool:
    """Whether *pod* has any volume of the host. Most have none."""
    for each in pod.spec.volumes or ():  # noqa: SIM110 - every pod is asked this: a generator takes longer
        if each.host_path is not None:
            return True
    return False


def writable(pod: Pod, folder: str, containers: Collection[Container] | None = None) -> Iterator[Volume]:
    """The volumes of *pod* that let one of its containers, or of *containers*, write *folder*.

    A volume is meant whether it is the folder, holds it, or is a part of it. Links on the node are not known.
    """
    parts = _mounted(pod, containers)
    wanted = _steps(folder)
    for volume in pod.spec.volumes or ():
        if volume.host_path is None:
            continue
        path = volume.host_path.path or ""
        mounted = parts.pop(volume.name or "", ())
        if len(mounted) > MOST_PARTS or any(_meet(_steps(f"{path}/{part}"), wanted) for part in mounted):
            yield volume


def _mounted(pod: Pod, containers: Collection[Container] | None) -> dict[str, set[str]]:
    """The parts of volumes that can be written, by the name of the volume; the empty text is all of it."""
    meant = None if containers is None else {id(each) for each in containers}
    parts: dict[str, set[str]] = {}
    for container, _ in pod.contexts:
        if meant is None or id(container) in meant:
            for mount in container.volume_mounts or ():
                if not mount.read_only:
                    parts.setdefault(mount.name or "", set()).add(mount.sub_path or "")
    return parts


def _steps(path: str) -> tuple[str, ...]:
    return tuple(step for step in normpath(f"/{path}").split("/") if step)


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one of them is the other, or holds it."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]
