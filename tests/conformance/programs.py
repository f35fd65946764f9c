"""The Go programs of this folder's subfolders: built once, kept running, asked in batches.

Set ``GO_PROGRAMS=require`` to fail where they cannot be built (as with ``CI=true``), ``GO_PROGRAMS=skip``
to do without them; otherwise what needs them is skipped where there is no Go.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "go-programs"


class Unavailable(Exception):
    """The program cannot be built here; says why."""


def are_required() -> bool:
    """Whether tests must fail, not be skipped, where a program cannot be built."""
    return os.environ.get("GO_PROGRAMS", "require" if os.environ.get("CI") == "true" else "") == "require"


def place_of(source: Path) -> Path:
    """Where the program of the Go module in the folder *source* is kept, once it is built."""
    digest = sha256(
        b"".join(each.read_bytes() for each in sorted(source.rglob("*")) if each.is_file())
    ).hexdigest()
    return CACHE / f"{source.name}-{digest[:16]}"


def build(source: Path, tags: str = "") -> Path:
    """The program built from the Go module in the folder *source*, with these *tags*. Raises Unavailable."""
    if os.environ.get("GO_PROGRAMS") == "skip":
        raise Unavailable("GO_PROGRAMS=skip")
    go = shutil.which("go")
    if go is None:
        raise Unavailable("there is no go command on the PATH (https://go.dev/dl/)")
    program = place_of(source)
    if not program.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = program.with_suffix(f".{os.getpid()}")
        built = subprocess.run(  # noqa: S603 - our own sources
            [go, "build", "-tags", tags, "-o", fresh, "."],
            cwd=source,
            capture_output=True,
            text=True,
            check=False,
        )
        if built.returncode:
            raise Unavailable(f"go build in {source.name} failed: {built.stderr.strip()}")
        fresh.replace(program)
    return program


class Conversation:
    """A running program that answers each line of JSON with one, when an empty line asks it to."""

    def __init__(self, *command: str | Path) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own program

    def ask(self, questions: Sequence[Any]) -> list[Any]:
        """The answers, in the order of the questions; bytes are asked as they are."""
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        lines = [each if isinstance(each, bytes) else msgspec.json.encode(each) for each in questions]
        asked.write(b"\n".join([*lines, b"\n"]))
        asked.flush()
        answers = [answered.readline() for _ in lines]
        if answers and not answers[-1]:
            raise EOFError(f"the program ended, with status {self._process.wait()}")
        return [msgspec.json.decode(each) for each in answers]

    def close(self) -> None:
        """Let the program end."""
        self._process.communicate()
