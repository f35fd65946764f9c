"""promtool, which reads rules as Prometheus does: installed, or built from the Go module proxy and kept.

It is built only where that is asked for, ``PROMTOOL=build``: it takes minutes, and is kept in ``.cache``.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

_MODULE: Final = Path(__file__).with_name("promtool")
_CACHE: Final = Path(__file__).parents[2] / ".cache" / "promtool"
_PROGRAM: Final = "github.com/prometheus/prometheus"


class NoPromtool(Exception):
    """It is not there; says what would help."""


def program() -> Path:
    """The program. Raises NoPromtool."""
    found = re.search(rf"{_PROGRAM} (v\S+)", (_MODULE / "go.mod").read_text())
    assert found
    built = _CACHE / found[1] / "promtool"
    if built.exists():
        return built
    if installed := shutil.which("promtool"):
        return Path(installed)
    go = shutil.which("go")
    if go is None or os.environ.get("PROMTOOL") != "build":
        raise NoPromtool("there is no promtool on the PATH; with a go command, PROMTOOL=build builds it once")
    built.parent.mkdir(parents=True, exist_ok=True)
    fresh = built.with_suffix(f".{os.getpid()}")
    done = subprocess.run(  # noqa: S603 - sources that go.sum holds to their digests
        [go, "build", "-trimpath", "-ldflags", "-s -w", "-o", fresh, f"{_PROGRAM}/cmd/promtool"],
        cwd=_MODULE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NoPromtool(f"go build of promtool failed: {done.stderr.strip()[-2000:]}")
    fresh.replace(built)
    return built
