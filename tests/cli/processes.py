"""The command line in processes of its own."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, NamedTuple

BIN = Path(sys.executable).parent
MODULE = (sys.executable, "-m", "webhook")


class Ran(NamedTuple):
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str


def started(  # noqa: PLR0913 - as many as subprocess has
    arguments: Iterable[object],
    *,
    program: Iterable[object] = MODULE,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: int = subprocess.PIPE,
    stdout: int | IO[bytes] = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """A process that runs the command; the variables of the environment join those of this process."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [*map(str, program), *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


def ended(process: subprocess.Popen[bytes], stdin: bytes = b"") -> Ran:
    """How *process* ends after it was given *stdin*."""
    with process:
        out, err = process.communicate(stdin, timeout=60)
    return Ran(process.returncode, (out or b"").decode(), err.decode())
