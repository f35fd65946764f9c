"""libseccomp itself: a small C program that builds filters with it and hands over their programs.

Needs a C compiler and libseccomp's headers (Debian: gcc, libseccomp-dev). Where they are missing, tests are
skipped; with ``CI=true`` they fail.
"""

import os
import shutil
import struct
import subprocess
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tests.conformance.programs import CACHE, HERE, Unavailable
from webhook.seccomp.actions import Outcome
from webhook.seccomp.architectures import ARCHITECTURES
from webhook.seccomp.bpf import CODES, Program, program_of
from webhook.seccomp.call import Call
from webhook.seccomp.loaded import Comparison, Condition

SOURCES = HERE / "libseccomp"
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


def build(name: str) -> Path:
    """The program *name*, built once. LIBSECCOMP is the folder of another libseccomp. Raises Unavailable."""
    source = SOURCES / f"{name}.c"
    compiler = shutil.which("cc")
    if compiler is None:
        raise Unavailable("there is no C compiler (cc)")
    other = os.environ.get("LIBSECCOMP")
    options = [f"-I{other}/include", f"-L{other}/lib", f"-Wl,-rpath,{other}/lib"] if other else []
    digest = sha256(source.read_bytes() + (other or "").encode()).hexdigest()
    program = CACHE / f"{name}-{digest[:16]}"
    if not program.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = program.with_suffix(f".{os.getpid()}")
        built = subprocess.run(  # noqa: S603 - our own source
            [compiler, "-O1", "-Wall", "-Werror", "-o", fresh, source, *options, "-lseccomp"],
            capture_output=True,
            text=True,
            check=False,
        )
        if built.returncode:
            raise Unavailable(f"libseccomp-dev is missing, or its headers are others: {built.stderr.strip()}")
        fresh.replace(program)
    return program


class Kernel:
    """A program that makes calls under a filter; the kernel is the one that runs."""

    def __init__(self, program: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - ours
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def answer(self, program: Program, call: Call) -> tuple[str, int]:
        """What the call comes to: ``returned``, ``errno`` or ``signal``, and which."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        data = b"".join(struct.pack("<HBBI", *instruction) for instruction in program)
        words = [data.hex(), f"{call.number:x}", *(f"{each:x}" for each in call.arguments)]
        self._process.stdin.write(" ".join(words) + "\n")
        self._process.stdin.flush()
        kind, number = self._process.stdout.readline().split()
        return kind, int(number)

    def close(self) -> None:
        """End the program."""
        self._process.communicate()


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
