"""Real OCI runtimes start a container with a profile, or say the words expected; no cluster needed."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.binaries import Unavailable, program
from tests.e2e.conftest import give_up
from tests.seccomp.starts import STARTS
from webhook.seccomp.dialects import Dialect, read
from webhook.seccomp.load import load
from webhook.seccomp.loaded import NotStarted
from webhook.seccomp.target import CONTAINERD_CRUN, CONTAINERD_RUNC, Loader, Runtime, Target, Version

APPLETS = ("grep", "sh")
NAMESPACES = ("pid", "mount", "ipc", "uts")
# crun does not know cgroups of both versions side by side; what it sees is mounted for it alone.
ONE_HIERARCHY = ("unshare", "--mount", "sh", "-c", 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"', "sh")
COMMANDS = {
    Loader.RUNC: ("runc",),
    Loader.CRUN: (*ONE_HIERARCHY, "crun", "--cgroup-manager=disabled"),
}
MOST_SECONDS = 30


def need_runtime(name: str) -> None:
    try:
        for each in (name, "busybox", "unshare"):
            program(each)
    except Unavailable as missing:
        give_up(missing)
    if os.geteuid() != 0:
        give_up(Unavailable(f"{name} was not asked: that takes root"))


def version_of(name: str, pattern: str) -> Version:
    printed = subprocess.run([name, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603 - a runtime
    found = re.search(pattern, printed)
    assert found, printed
    return tuple(map(int, found[1].split(".")))


def bundle(place: Path, document: bytes) -> Path:
    """A container that prints whether it is filtered."""
    binaries = place / "rootfs" / "bin"
    for folder in ("bin", "proc", "dev"):
        (place / "rootfs" / folder).mkdir(parents=True)
    shutil.copy(program("busybox"), binaries / "busybox")
    for name in APPLETS:
        (binaries / name).hardlink_to(binaries / "busybox")
    capabilities = {kind: ["CAP_CHOWN"] for kind in ("bounding", "effective", "permitted")}
    config = {
        "ociVersion": "1.0.2",
        "process": {
            "user": {"uid": 0, "gid": 0},
            "args": ["/bin/grep", "Seccomp:", "/proc/self/status"],
            "env": ["PATH=/bin"],
            "cwd": "/",
            "noNewPrivileges": True,
            "capabilities": capabilities,
        },
        "root": {"path": "rootfs"},
        "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
        "linux": {"namespaces": [{"type": kind} for kind in NAMESPACES], "seccomp": json.loads(document)},
    }
    (place / "config.json").write_text(json.dumps(config))
    return place


def started(command: tuple[str, ...], place: Path, name: str) -> tuple[int, str]:
    """The exit status of the container, and all that was printed."""
    state = ("--root", str(place / "state"))
    try:
        done = subprocess.run(  # noqa: S603 - a runtime
            [*command, *state, "run", "--bundle", place, name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    finally:
        subprocess.run([*command, *state, "delete", "--force", name], capture_output=True, check=False)  # noqa: S603 - a runtime
    return done.returncode, done.stdout


def said_of(document: bytes, target: Target) -> str:
    """What is to be printed: by the container, or by the runtime that does not start it."""
    try:
        filter_ = load(read(document, Dialect.OCI), target)
    except NotStarted as refused:
        return refused.problem
    return f"Seccomp:\t{2 if filter_.is_filter else 0}"


@pytest.mark.parametrize(
    "runtime", [CONTAINERD_RUNC, CONTAINERD_CRUN], ids=lambda runtime: str(runtime.loader)
)
def test_a_container_starts_or_not_as_is_said(
    runtime: Runtime, tmp_path: Path, announce: Callable[[str], None]
) -> None:
    name = runtime.loader.value
    need_runtime(name)
    version = version_of(name, r"version (\d+\.\d+(?:\.\d+)?)")
    libseccomp = version_of("runc", r"libseccomp: (\d+\.\d+\.\d+)")
    target = Target(runtime._replace(loader_version=version), libseccomp=libseccomp)
    starts = refusals = 0
    for at, start in enumerate(STARTS):
        if not any(each.startswith(name) for each in start.said):
            continue
        place = bundle(tmp_path / str(at), start.document)
        status, printed = started(COMMANDS[runtime.loader], place, f"start-{os.getpid()}-{at}")
        expected = said_of(start.document, target)
        refusals += status != 0
        starts += status == 0
        assert expected in printed, start.name
        assert (status == 0) == expected.startswith("Seccomp:"), (start.name, printed)
    announce(
        f"{name} {'.'.join(map(str, version))}, libseccomp {'.'.join(map(str, libseccomp))}: "
        f"{starts} profiles start, {refusals} do not"
    )
