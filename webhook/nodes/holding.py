"""What nodes hold, in little memory: nodes with equal reports share one ``Holding``."""

from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter
from typing import Final, NamedTuple

from webhook.nodes.report import AppArmorProfile, NodeReport

_PREFIX: Final = "sha256:"
_DIGEST_LENGTH: Final = 32
_NO_DIGEST: Final = bytes(_DIGEST_LENGTH)


class State(NamedTuple):
    """What was found in a file: its class (``webhook.seccomp.judge``), or why it is no profile."""

    profile_class: str = "unjudged"
    error: str = ""


class Held(NamedTuple):
    """A file on a node; ``digest`` is empty where it could not be read."""

    digest: str
    profile_class: str
    error: str

    @property
    def is_broken(self) -> bool:
        """Whether its content is known, and no profile."""
        return bool(self.error and self.digest)


class Platform(NamedTuple):
    """What runs containers on a node. Fields are those of ``NodeReport``."""

    runtime: str
    runtime_version: str
    kernel: str
    architecture: str
    seccomp_default: bool | None


class Contents(NamedTuple):
    """All that a report says beside the node's name; ``paths`` are sorted, the rest stands beside them.

    ``digests`` are 32 bytes each: 200 texts of their own on each of 5,000 nodes would be 120 MB.
    """

    paths: tuple[str, ...]
    digests: bytes
    states: tuple[State, ...]
    app_armor: tuple[AppArmorProfile, ...] | None
    platform: Platform
    left_out: int


class Holding:
    """What one node or many hold. Two are equal only if they are the same."""

    __slots__ = ("__weakref__", "_contents")

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @property
    def contents(self) -> Contents:
        """All of it."""
        return self._contents

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the files, sorted, as pods name them."""
        return self._contents.paths

    @property
    def app_armor(self) -> tuple[AppArmorProfile, ...] | None:
        """The profiles that are loaded, sorted by name; None where the kernel has none."""
        return self._contents.app_armor

    @property
    def platform(self) -> Platform:
        """What runs containers there."""
        return self._contents.platform

    @property
    def is_whole(self) -> bool:
        """Whether every file is listed: else one that is not may be there all the same."""
        return not self._contents.left_out

    def file(self, path: str) -> Held | None:
        """The file at *path*, or None where none is listed."""
        found = self.entry(path)
        return None if found is None else held(*found)

    def entry(self, path: str) -> tuple[bytes, State] | None:
        """As ``file``, for who looks into thousands: ``held`` tells what an entry says."""
        contents = self._contents
        index = bisect_left(contents.paths, path)
        if index == len(contents.paths) or contents.paths[index] != path:
            return None
        start = index * _DIGEST_LENGTH
        return contents.digests[start : start + _DIGEST_LENGTH], contents.states[index]

    def files(self) -> Iterator[tuple[str, Held]]:
        """All files, by path."""
        digests = self._contents.digests
        for index, (path, state) in enumerate(zip(self._contents.paths, self._contents.states, strict=True)):
            start = index * _DIGEST_LENGTH
            yield path, held(digests[start : start + _DIGEST_LENGTH], state)

    def app_armor_mode(self, name: str) -> str | None:
        """The mode of the AppArmor profile *name*, or None where it is not loaded."""
        loaded = self._contents.app_armor or ()
        index = bisect_left(loaded, name, key=_name_of)
        if index == len(loaded) or loaded[index].name != name:
            return None
        return loaded[index].mode


def held(digest: bytes, state: State) -> Held:
    """The file of an entry."""
    return Held("" if digest in (b"", _NO_DIGEST) else _PREFIX + digest.hex(), *state)


def contents_of(report: NodeReport) -> Contents:
    """*report* without the node's name. Of two files with one path the last counts."""
    by_path = {each.path: each for each in report.seccomp}
    files = [by_path[path] for path in sorted(by_path)]
    armor = report.app_armor
    return Contents(
        paths=tuple([each.path for each in files]),
        digests=b"".join([_binary(each.digest) for each in files]),
        states=tuple([State(each.profile_class, each.error) for each in files]),
        app_armor=None if armor is None else tuple(sorted(armor)),
        platform=Platform(
            report.runtime,
            report.runtime_version,
            report.kernel,
            report.architecture,
            report.seccomp_default,
        ),
        left_out=report.left_out,
    )


def _binary(digest: str) -> bytes:
    """The 32 bytes of *digest*; what is no digest counts as one that is not known."""
    if digest.startswith(_PREFIX):
        try:
            found = bytes.fromhex(digest[len(_PREFIX) :])
        except ValueError:
            return _NO_DIGEST
        if len(found) == _DIGEST_LENGTH:
            return found
    return _NO_DIGEST


_name_of: Final = attrgetter("name")
