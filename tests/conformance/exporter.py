"""libseccomp itself: a small C program that builds filters with it and hands over their programs.

Needs a C compiler and libseccomp's headers (Debian: gcc, libseccomp-dev). Where they are missing, tests are
skipped; with ``CI=true`` they fail.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tests.conformance.programs import CACHE, HERE, Unavailable
from webhook.seccomp.actions import Outcome
from webhook.seccomp.architectures import ARCHITECTURES
from webhook.seccomp.bpf import CODES, Program, program_of
from webhook.seccomp.loaded import Comparison, Condition

SOURCE = HERE / "libseccomp" / "export.c"
# Some rules make the library run for ever, some let it write where it must not.
LOST = "lost"
ERRORS = {17: "EEXIST", 22: "EINVAL", 33: "EDOM", 13: "EACCES"}
_OPERATORS = {
    Comparison.NE: 1,
    Comparison.LT: 2,
    Comparison.LE: 3,
    Comparison.EQ: 4,
    Comparison.GE: 5,
    Comparison.GT: 6,
    Comparison.MASKED_EQ: 7,
}


class FilterRule(NamedTuple):
    """A rule as runc and crun hand it over."""

    name: str
    outcome: Outcome
    conditions: tuple[Condition, ...]


class FilterText(NamedTuple):
    """A filter to be built, the native architecture apart."""

    default: Outcome
    is_sorted: bool
    architectures: tuple[str, ...]
    rules: tuple[FilterRule, ...]


def build() -> Path:
    """The program, built once. LIBSECCOMP names the folder of another libseccomp. Raises Unavailable."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise Unavailable("there is no C compiler (cc)")
    other = os.environ.get("LIBSECCOMP")
    options = [f"-I{other}/include", f"-L{other}/lib", f"-Wl,-rpath,{other}/lib"] if other else []
    digest = sha256(SOURCE.read_bytes() + (other or "").encode()).hexdigest()
    program = CACHE / f"export-{digest[:16]}"
    if not program.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = program.with_suffix(f".{os.getpid()}")
        built = subprocess.run(  # noqa: S603 - our own source
            [compiler, "-O1", "-Wall", "-Werror", "-o", fresh, SOURCE, *options, "-lseccomp"],
            capture_output=True,
            text=True,
            check=False,
        )
        if built.returncode:
            raise Unavailable(f"libseccomp-dev is missing, or its headers are others: {built.stderr.strip()}")
        fresh.replace(program)
    return program


class Exporter:
    """The program, running."""

    def __init__(self, program: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - ours
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.version = tuple(map(int, self._line().split(".")))

    def answer(self, text: FilterText) -> Program | str:
        """The program of the filter; else LOST, or the name of the error with which it is refused."""
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(_words(text)) + "\n")
        self._process.stdin.flush()
        kind, said = self._line().split()
        if kind == "program":
            return program_of(bytes.fromhex(said))
        return LOST if kind == LOST else ERRORS[int(said)]

    def close(self) -> None:
        """End the program."""
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the program that uses libseccomp ended"
        return line.strip()


def _words(text: FilterText) -> Sequence[str]:
    words = [_code(text.default), "2" if text.is_sorted else "0", str(len(text.architectures))]
    words += [ARCHITECTURES[name].plain for name in text.architectures]
    words.append(str(len(text.rules)))
    for rule in text.rules:
        words += [_code(rule.outcome), rule.name, str(len(rule.conditions))]
        for each in rule.conditions:
            words += [str(each.number), str(_OPERATORS[each.op]), f"{each.value:x}", f"{each.value_two:x}"]
    return words


def _code(outcome: Outcome) -> str:
    return f"{CODES[outcome.action] | outcome.data:x}"
