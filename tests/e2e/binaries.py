"""The programs of a cluster: Kubernetes' own, built from the Go module proxy, and those that are installed.

``build/go.mod`` says which Kubernetes. What is built is kept in ``.cache/kubernetes/<version>`` and used by
every later run; ``KUBEBUILDER_ASSETS`` names a folder whose programs are taken instead, where it has them.
With ``CI=true`` a program that cannot be had is a failure, otherwise a reason to skip.
"""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_MODULE: Final = Path(__file__).with_name("build")
CACHE: Final = ROOT / ".cache" / "kubernetes"

CONTROL_PLANE: Final = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
BUILT: Final = (*CONTROL_PLANE, "kubelet")
_PACKAGES: Final = {
    "etcd": "etcd-server",
    "kubectl": "kubernetes-client",
    "containerd": "containerd",
    "ctr": "containerd",
    "busybox": "busybox-static",
    "runc": "runc",
    "setpriv": "util-linux",
}
"""The Debian packages of the programs that are installed, not built."""


class Unavailable(Exception):
    """A program cannot be had here; says why, and what would help."""


def are_required() -> bool:
    """Whether tests must fail, not be skipped, where a program cannot be had."""
    return os.environ.get("CI") == "true"


@cache
def version() -> str:
    """The version of Kubernetes that is built, such as ``v1.37.1``."""
    found = re.search(r"k8s\.io/kubernetes (v\S+)", (_MODULE / "go.mod").read_text())
    assert found
    return found[1]


@cache
def program(name: str) -> Path:
    """The program called *name*, built if need be. Raises Unavailable."""
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    if assets and (Path(assets) / name).exists():
        return Path(assets) / name
    return _built(name) if name in BUILT else _installed(name)


def _installed(name: str) -> Path:
    # Where a user who is not root does not look.
    found = shutil.which(name) or shutil.which(name, path="/usr/local/sbin:/usr/sbin:/sbin")
    if found is None:
        package = _PACKAGES.get(name, name)
        raise Unavailable(f"there is no {name} on the PATH (Debian: apt-get install {package})")
    return Path(found)


def _built(name: str) -> Path:
    program = CACHE / version() / name
    if program.exists():
        return program
    go = shutil.which("go")
    if go is None:
        raise Unavailable(
            f"{name} must be built, and there is no go command on the PATH (https://go.dev/dl/)"
        )
    program.parent.mkdir(parents=True, exist_ok=True)
    with _alone(program.parent / ".lock"):
        if not program.exists():
            _build(go, name, program)
    return program


def _build(go: str, name: str, program: Path) -> None:
    """Build *name* with the flags that all of them share: what one compiled, the next one has."""
    major, minor, *_ = version().lstrip("v").split(".")
    words = {"gitVersion": version(), "gitMajor": major, "gitMinor": minor}
    stamps = [f"-X k8s.io/component-base/version.{key}={value}" for key, value in words.items()]
    with TemporaryDirectory(dir=program.parent) as folder:
        built = subprocess.run(  # noqa: S603 - sources that go.sum holds to their digests
            [
                go, "build", "-buildvcs=false", "-ldflags", " ".join(("-s -w", *stamps)),
                "-o", folder, f"k8s.io/kubernetes/cmd/{name}",
            ],
            cwd=_MODULE, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if built.returncode:
            raise Unavailable(f"go build of {name} {version()} failed: {built.stderr.strip()[-2000:]}")
        (Path(folder) / name).replace(program)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Two runs do not build the same thing at once: the second waits, and finds it."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
