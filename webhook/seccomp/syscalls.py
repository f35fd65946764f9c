"""What system calls are called, which numbers they have, and which of them libseccomp knows.

Source: ``data/syscalls.json``, made by ``python -m tools.syscalls`` from the kernel's tables and from those
of libseccomp's releases; it names their versions and its date. Where the two differ, a filter goes by
libseccomp.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec

from webhook.seccomp.target import Version

# Written alike, with the bytes of a word the other way round: the calls are the same.
_TABLE_OF: Final = {
    "MIPSEL": "mips",
    "MIPSEL64": "mips64",
    "MIPSEL64N32": "mips64n32",
    "PARISC64": "parisc",
    "PPC64LE": "ppc64",
    "SHEB": "sh",
}

# More than all architectures of one machine have; names of hostile files do not stay.
_KEPT: Final = 4_096


class _Kernel(msgspec.Struct, frozen=True):
    package: str
    linux: str
    numbers: dict[str, dict[str, int]]


class _Libseccomp(msgspec.Struct, frozen=True):
    release: str
    oldest: str
    numbers: dict[str, dict[str, int]]
    unknown: list[str]
    since: dict[str, str]
    since_on: dict[str, dict[str, str | None]]


class _Table(msgspec.Struct, frozen=True):
    generated: str
    kernel: _Kernel
    libseccomp: _Libseccomp


class Origin(NamedTuple):
    """Where the numbers come from, and when they were taken."""

    package: str
    linux: str
    libseccomp: str
    date: str


def origin() -> Origin:
    """The versions that the table was made from."""
    table = _table()
    return Origin(table.kernel.package, table.kernel.linux, table.libseccomp.release, table.generated)


def names(architecture: str) -> Mapping[str, int]:
    """Every call of *architecture* (SCMP_ARCH_X86_64) and its number; empty for one that nobody knows."""
    return _names(architecture)


def number_of(name: str, architecture: str) -> int | None:
    """The number of the call on *architecture*, or None where it does not exist there."""
    return _names(architecture).get(name)


def name_of(number: int, architecture: str) -> str | None:
    """The name of the call on *architecture*, or None where it has none."""
    return _by_number(architecture).get(number)


def is_a_call(name: str) -> bool:
    """Whether any architecture has a call of that name."""
    return name in _all_names()


@lru_cache(maxsize=_KEPT)
def known_since(name: str) -> Version | None:
    """The release of libseccomp that first knows *name*; None where the newest one does not.

    What is as old as the oldest release that was looked at bears that release's number.
    """
    libseccomp = _table().libseccomp
    if name not in _all_names() or name in libseccomp.unknown:
        return None
    return _version(libseccomp.since.get(name, libseccomp.oldest))


def is_known(name: str, libseccomp: Version) -> bool:
    """Whether this libseccomp resolves *name*, be it to a number that the architecture does not have."""
    since = known_since(name)
    return since is not None and (since <= libseccomp or name not in _table().libseccomp.since)


@lru_cache(maxsize=_KEPT)
def filtered_number(name: str, architecture: str, libseccomp: Version) -> int | None:
    """The number by which this libseccomp filters *name* on *architecture*; None where it has none for it."""
    if not is_known(name, libseccomp):
        return None
    late = _table().libseccomp.since_on.get(_table_of(architecture), {})
    if name in late:
        since = late[name]
        if since is None or libseccomp < _version(since):
            return None
    return number_of(name, architecture)


def _table_of(architecture: str) -> str:
    plain = architecture.removeprefix("SCMP_ARCH_")
    return _TABLE_OF.get(plain, plain.lower())


@cache
def _names(architecture: str) -> Mapping[str, int]:
    table, key = _table(), _table_of(architecture)
    # The kernel's names come last: they are the ones to print where a number has two.
    return {**table.libseccomp.numbers.get(key, {}), **table.kernel.numbers.get(key, {})}


@cache
def _by_number(architecture: str) -> Mapping[int, str]:
    return {number: name for name, number in _names(architecture).items()}


@cache
def _all_names() -> frozenset[str]:
    table = _table()
    tables = (*table.kernel.numbers.values(), *table.libseccomp.numbers.values())
    return frozenset(name for numbers in tables for name in numbers)


@cache
def _version(text: str) -> Version:
    return tuple(map(int, text.split(".")))


@cache
def _table() -> _Table:
    data = files("webhook.seccomp").joinpath("data/syscalls.json").read_bytes()
    return msgspec.json.decode(data, type=_Table)
