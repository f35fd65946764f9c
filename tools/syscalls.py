"""``python -m tools.syscalls [REPOSITORY]``: the table of system calls, ``webhook/seccomp/data``, made anew.

The kernel's numbers are those of the package system-calls. What libseccomp knows, and since when, is read
from the tables of its releases where REPOSITORY, a clone of it with its tags, is given; else it stays as it
was.
"""

import csv
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from webhook.seccomp.architectures import X32_BIT

PLACE: Final = Path(__file__).parents[1] / "webhook" / "seccomp" / "data" / "syscalls.json"
RELEASES: Final = ("2.5.0", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5", "2.5.6", "2.6.0", "2.6.1")

# By our name: the package's, and the column of libseccomp's table, whose numbers lack the offset.
_COLUMNS: Final = {
    "x86": ("i386", "x86", 0),
    "x86_64": ("x86_64", "x86_64", 0),
    "x32": ("x32", "x32", X32_BIT),
    "arm": ("arm", "arm", 0),
    "aarch64": ("arm64", "aarch64", 0),
    "loongarch64": ("loongarch64", "loongarch64", 0),
    "m68k": ("m68k", "m68k", 0),
    "mips": ("mipso32", "mips", 4000),
    "mips64": ("mips64", "mips64", 5000),
    "mips64n32": ("mips64n32", "mips64n32", 6000),
    "parisc": ("parisc", "parisc", 0),
    "ppc": ("powerpc", "ppc", 0),
    "ppc64": ("powerpc64", "ppc64", 0),
    "riscv64": ("riscv64", "riscv64", 0),
    "s390": ("s390", "s390", 0),
    "s390x": ("s390x", "s390x", 0),
    "sh": ("sh", "sh", 0),
}
_Numbers = dict[str, dict[str, int]]


def kernel() -> dict[str, Any]:
    """What the package says: its version, and the numbers of each architecture."""
    # A package of the tests, which running programs do not need.
    import system_calls  # type: ignore[import-untyped]  # noqa: PLC0415 - see above; it has no types

    table = system_calls.syscalls()
    numbers: _Numbers = {}
    for architecture, (theirs, _, _) in _COLUMNS.items():
        found = table.load_arch_table(theirs)
        numbers[architecture] = dict(sorted(found.items(), key=lambda item: (item[1], item[0])))
    return {
        "package": f"system-calls {version('system-calls')}",
        "linux": table.linux_version,
        "numbers": numbers,
    }


def libseccomp(repository: Path, kernel_numbers: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """What the releases of libseccomp know that the kernel's table does not say."""
    releases = {release: _release(repository, release) for release in RELEASES}
    newest = releases[RELEASES[-1]]
    added: _Numbers = {}
    since: dict[str, str] = {}
    since_on: dict[str, dict[str, str | None]] = {}
    for name in sorted(newest):
        first = next(release for release in RELEASES if name in releases[release])
        if first != RELEASES[0]:
            since[name] = first
        for architecture in _COLUMNS:
            number, real = newest[name].get(architecture), kernel_numbers[architecture].get(name)
            if number is not None and real is None:
                added.setdefault(architecture, {})[name] = number
            elif number is None and real is not None:
                since_on.setdefault(architecture, {})[name] = None
            elif number != real:
                sys.exit(f"{name} on {architecture} is {number} for libseccomp, {real} for Linux")
            known = (release for release in RELEASES if architecture in _of(releases[release], name))
            here = next(known, None)
            if (
                number is not None
                and here is not None
                and here != first
                and _has(releases, first, architecture)
            ):
                since_on.setdefault(architecture, {})[name] = here
    names = {name for numbers in kernel_numbers.values() for name in numbers}
    return {
        "release": RELEASES[-1],
        "oldest": RELEASES[0],
        "numbers": added,
        "unknown": sorted(names - set(newest)),
        "since": since,
        "since_on": since_on,
    }


def _release(repository: Path, release: str) -> dict[str, dict[str, int]]:
    shown = subprocess.run(  # noqa: S603 - a command of ours
        ["git", "-C", repository, "show", f"v{release}:src/syscalls.csv"],  # noqa: S607 - git as it is found
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows = csv.reader(shown.stdout.splitlines())
    at = {column: index for index, column in enumerate(next(rows))}
    return {
        row[0]: {
            architecture: int(row[at[column]]) + offset
            for architecture, (_, column, offset) in _COLUMNS.items()
            if column in at and row[at[column]] != "PNR"
        }
        for row in rows
    }


def _of(release: Mapping[str, Mapping[str, int]], name: str) -> Mapping[str, int]:
    return release.get(name, {})


def _has(releases: Mapping[str, Mapping[str, Mapping[str, int]]], release: str, architecture: str) -> bool:
    return architecture in releases[release]["read"]


def text(kernel_says: Mapping[str, Any], libseccomp_says: Mapping[str, Any], date: str) -> str:
    """The file, one architecture a line and readable."""
    whole = {"generated": date, "kernel": kernel_says, "libseccomp": libseccomp_says}
    return json.dumps(whole, indent=1) + "\n"


def main(arguments: Iterable[str]) -> None:
    """Write the file."""
    says = kernel()
    repository = next(iter(arguments), None)
    if repository is None:
        libseccomp_says = json.loads(PLACE.read_text())["libseccomp"]
    else:
        libseccomp_says = libseccomp(Path(repository), says["numbers"])
    PLACE.write_text(text(says, libseccomp_says, f"{datetime.now(UTC):%Y-%m-%d}"))


if __name__ == "__main__":
    main(sys.argv[1:])
