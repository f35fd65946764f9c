"""Volumes through which a pod can write the profiles of its node, its own among them.

Source: Kubernetes documentation, "Volumes", sections "hostPath", "Using subPath" and "Read-only
mounts"; for the links of processes to their folders proc(5).
"""

from collections.abc import Collection, Iterator
from posixpath import normpath
from typing import Final, NamedTuple

from webhook.policy.core_v1 import Container, Volume
from webhook.policy.pod import Pod

MOST_PARTS: Final = 1024
"""Parts of one volume that are looked at: nobody mounts more of them, but to be looked at for long."""


_OF_ITSELF: Final = frozenset({"self", "thread-self"})
_TO_FOLDERS: Final = frozenset({"root", "cwd"})
_RECURSIVE: Final = "Enabled"


def mounts_host(pod: Pod) -> bool:
    """Whether *pod* has any volume of the host. Most have none."""
    for each in pod.spec.volumes or ():  # noqa: SIM110 - every pod is asked this: a generator takes longer
        if each.host_path is not None:
            return True
    return False


def writable(pod: Pod, folder: str, containers: Collection[Container] | None = None) -> Iterator[Volume]:
    """The volumes of *pod* that let one of its containers, or of *containers*, write *folder*.

    A volume is meant whether it is the folder, holds it, or is a part of it; so is /proc, which has links to
    all there is. Other links on the node are not known. What is mounted below a mount that is only read can
    be written, unless that is recursive: so what holds the folder is meant even if it is only read.
    """
    parts = _mounted(pod, containers)
    wanted = _steps(folder)
    for volume in pod.spec.volumes or ():
        if volume.host_path is None:
            continue
        path = volume.host_path.path or ""
        mounted = parts.pop(volume.name or "", ())
        if len(mounted) > MOST_PARTS or any(_lets_write(path, part, wanted) for part in mounted):
            yield volume


class _Part(NamedTuple):
    """What is mounted of a volume: all of it where ``path`` is empty."""

    path: str
    read_only: bool


def _mounted(pod: Pod, containers: Collection[Container] | None) -> dict[str, set[_Part]]:
    """The parts of volumes that are mounted, but for those that cannot be written, by the volume's name."""
    meant = None if containers is None else {id(each) for each in containers}
    parts: dict[str, set[_Part]] = {}
    for container, _ in pod.contexts:
        if meant is None or id(container) in meant:
            for mount in container.volume_mounts or ():
                if not (mount.read_only and mount.recursive_read_only == _RECURSIVE):
                    part = _Part(mount.sub_path or "", bool(mount.read_only))
                    parts.setdefault(mount.name or "", set()).add(part)
    return parts


def _lets_write(volume: str, part: _Part, wanted: tuple[str, ...]) -> bool:
    steps = _followed(_steps(f"{volume}/{part.path}"))
    if part.read_only:
        # Who watches a node mounts its /proc in this way, and may not follow the links of others.
        return len(steps) < len(wanted) and _meet(steps, wanted)
    return _meet(steps, wanted) or _holds_links(steps)


def _steps(path: str) -> tuple[str, ...]:
    return tuple(step for step in normpath(f"/{path}").split("/") if step)


def _followed(steps: tuple[str, ...]) -> tuple[str, ...]:
    """*steps* from the root of the node, where they begin with the links of processes to it."""
    while beginning := _process(steps):
        if not _TO_FOLDERS.intersection(steps[beginning : beginning + 1]):
            break
        steps = steps[beginning + 1 :]
    return steps


def _holds_links(steps: tuple[str, ...]) -> bool:
    if steps == ("proc",):
        return True
    beginning = _process(steps)
    return bool(beginning) and steps[beginning:] in ((), ("task",))


def _process(steps: tuple[str, ...]) -> int:
    """How many of *steps* lead to a process, or to a thread of it; 0 where they do not."""
    match steps:
        case ("proc", process, "task", thread, *_) if _is_process(process) and _is_process(thread):
            return 4
        case ("proc", process, *_) if _is_process(process):
            return 2
    return 0


def _is_process(step: str) -> bool:
    return step.isdecimal() or step in _OF_ITSELF


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one of them is the other, or holds it."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]
