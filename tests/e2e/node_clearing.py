"""What a node makes of the machine outside of its folder, and how that is undone.

A file ``mark`` in the folder says under which name; so also another process can clear away, after a crash.
"""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.e2e.processes import end_all, wait_for

_CGROUPS: Final = Path("/sys/fs/cgroup")
_HANDED_DOWN: Final = _CGROUPS / "cgroup.subtree_control"
_SYSTEM: Final = Path("/proc/sys")
_KNOBS: Final = ("kernel/panic", "kernel/panic_on_oops", "vm/overcommit_memory", "net/ipv4/ip_forward")
"""What the kubelet and the network's plugin change on the whole machine."""


def mark(folder: Path, name: str) -> None:
    """Write down *name* and how things are, and make the cgroups of that name."""
    for knob in _KNOBS:
        saved = folder / "knobs" / knob
        saved.parent.mkdir(parents=True, exist_ok=True)
        saved.write_text((_SYSTEM / knob).read_text())
    _hand_down_controllers(folder)
    (folder / "mark").write_text(name)
    make_cgroups(name)


def make_cgroups(name: str) -> None:
    """Make the cgroups of *name*, one for every controller."""
    for hierarchy in _hierarchies():
        (hierarchy / name).mkdir(exist_ok=True)


def halt(folder: Path) -> None:
    """End what runs on the node in *folder*, without a warning, and all that the kernel has of it."""
    name = (folder / "mark").read_text()
    end_all(folder)
    for pid in _shims(folder):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_for(lambda: _is_emptied(name), "the containers have ended")
    for mounted in reversed(Path("/proc/self/mounts").read_text().splitlines()):
        place = mounted.split()[1]
        if place.startswith(f"{folder}/"):
            subprocess.run(["umount", "--lazy", place], check=False)  # noqa: S603, S607 - a mount of ours
    subprocess.run(["ip", "link", "delete", name], capture_output=True, check=False)  # noqa: S603, S607 - ours


def clear(folder: Path) -> None:
    """End the node in *folder*, and leave the machine as it was."""
    if not (folder / "mark").exists():
        return
    halt(folder)
    for knob in _KNOBS:
        (_SYSTEM / knob).write_text((folder / "knobs" / knob).read_text())
    for controller in (folder / "controllers").read_text().split() if _HANDED_DOWN.exists() else ():
        with suppress(OSError):  # somebody else needs it by now
            _HANDED_DOWN.write_text(f"-{controller}")
    shutil.rmtree(folder)


def clear_below(folder: Path) -> None:
    """Clear every node that has its folder in *folder*."""
    for marked in [*folder.glob("*/mark")]:
        clear(marked.parent)


def _hand_down_controllers(folder: Path) -> None:
    """Let cgroups have every controller that there is, as the kubelet asks; write down what is new.

    Source: the kernel's documentation, "Control Group v2", section "Enabling and Disabling".
    """
    missing = _words(_CGROUPS / "cgroup.controllers") - _words(_HANDED_DOWN)
    (folder / "controllers").write_text(" ".join(missing))
    for controller in missing:
        _HANDED_DOWN.write_text(f"+{controller}")


def _words(place: Path) -> set[str]:
    """The words in a file of version 2, none where there is only version 1."""
    return {*place.read_text().split()} if place.exists() else set()


def _hierarchies() -> list[Path]:
    """Where a cgroup must be made so that it is there for every controller."""
    if (_CGROUPS / "cgroup.controllers").exists():
        return [_CGROUPS]
    places = [each for each in _CGROUPS.iterdir() if not each.is_symlink()]
    return [each for each in places if (each / "cgroup.procs").exists()]


def _shims(folder: Path) -> list[int]:
    """The processes of containerd that watch over a container, which do not end with it."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = place.read_bytes().decode(errors="replace").split("\0")
            if "containerd-shim" in words[0] and f"{folder}/containerd.sock" in words:
                found.append(int(place.parent.name))
    return found


def _is_emptied(name: str) -> bool:
    """End what runs in the cgroups called *name* and remove them; whether that is done."""
    left = False
    for hierarchy in _hierarchies():
        for group in sorted((hierarchy / name).glob("**/"), reverse=True):
            with suppress(OSError):
                for pid in (group / "cgroup.procs").read_text().split():
                    os.kill(int(pid), signal.SIGKILL)
            with suppress(OSError):
                group.rmdir()
            left = left or group.exists()
    return not left
