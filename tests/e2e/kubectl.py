"""kubectl, as a user of a cluster types it."""

import os
import shlex
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.e2e.binaries import program


class Output(NamedTuple):
    """What a command printed, and its status."""

    status: int
    out: str
    err: str


class Kubectl:
    """kubectl for the cluster of a kubeconfig; it keeps its caches beside that."""

    def __init__(self, kubeconfig: Path) -> None:
        self._kubeconfig = kubeconfig

    def __call__(self, line: str, manifests: str = "") -> Output:
        """Run ``kubectl <line>``, with *manifests* on its standard input."""
        home = self._kubeconfig.parent
        done = subprocess.run(  # noqa: S603 - a command that the test wrote
            [program("kubectl"), *shlex.split(line)],
            input=manifests, capture_output=True, text=True, check=False, timeout=120,
            env={"KUBECONFIG": str(self._kubeconfig), "HOME": str(home), "PATH": os.environ["PATH"]},
        )  # fmt: skip
        return Output(done.returncode, done.stdout, done.stderr)
