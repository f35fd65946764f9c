"""What a candidate is."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.serving.ground import Ground


class Missing(Exception):
    """What the candidate needs is not here; says what."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A server. ``command`` starts it at a port of loopback, or raises Missing.

    ``judges`` is False where everything is allowed.
    """

    name: str
    command: Callable[["Ground", int], list[str]]
    judges: bool = True
    serve: Callable[[Path, int], None] | None = None


def in_python(name: str, serve: Callable[[Path, int], None], *needs: str) -> Candidate:
    """A candidate that serves by *serve* in a process of its own, called with the folder and the port.

    *needs* are modules that the extra ``bench`` brings.
    """
    return Candidate(name, partial(_command, name, needs), serve=serve)


def _command(name: str, needs: tuple[str, ...], ground: "Ground", port: int) -> list[str]:
    if missing := [each for each in needs if find_spec(each) is None]:
        raise Missing(f"there is no {', '.join(missing)} here (pip install --editable '.[bench]')")
    return [sys.executable, "-m", "benchmarks.serving.candidates", name, str(ground.folder), str(port)]
