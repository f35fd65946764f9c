"""Levels and versions of the Pod Security Standards.

Source: Kubernetes documentation, "Pod Security Standards" and "Enforce Pod Security Standards
with Namespace Labels".
"""

import re
from enum import IntEnum
from typing import Final, NamedTuple, Self

_NUMBERED = re.compile(r"v1\.(0|[1-9][0-9]*)", re.ASCII)
# Kubernetes reads the minor version as a Go int.
_GREATEST_NUMBER = (1 << 63) - 1
# A longer text cannot be a number in that range; not converting it keeps hostile labels cheap.
_LONGEST_NUMBER = len(str(_GREATEST_NUMBER))


class Level(IntEnum):
    """The three levels; a stricter level compares greater."""

    PRIVILEGED = 0
    BASELINE = 1
    RESTRICTED = 2

    def __str__(self) -> str:
        return _LEVEL_NAMES[self]

    @classmethod
    def parse(cls, text: str) -> Self:
        """The level that *text* names, case-sensitively. Raises ValueError with Kubernetes' words."""
        if text not in _LEVELS_BY_NAME:
            raise ValueError(f"must be one of {', '.join(_LEVEL_NAMES)}")
        return cls(_LEVELS_BY_NAME[text])


_LEVEL_NAMES = tuple(level.name.lower() for level in Level)
_LEVELS_BY_NAME = {name: Level(number) for number, name in enumerate(_LEVEL_NAMES)}


class Version(int):
    """A version of the standards: the N of v1.N, or ``LATEST``, which is greater than every N."""

    __slots__ = ()

    def __str__(self) -> str:
        return "latest" if self == LATEST else f"v1.{int(self)}"

    def __repr__(self) -> str:
        return f"Version({str(self)!r})"

    @classmethod
    def parse(cls, text: str) -> "Version":
        """The version that *text* names. Raises ValueError with Kubernetes' words."""
        if text == "latest":
            return LATEST
        match = _NUMBERED.fullmatch(text)
        if match and len(match[1]) <= _LONGEST_NUMBER and int(match[1]) <= _GREATEST_NUMBER:
            return cls(match[1])
        raise ValueError('must be "latest" or "v1.x"')


LATEST: Final = Version(_GREATEST_NUMBER + 1)


class Standard(NamedTuple):
    """A level at a version, written ``restricted:latest``."""

    level: Level
    version: Version

    def __str__(self) -> str:
        return f"{self.level}:{self.version}"


PRIVILEGED: Final = Standard(Level.PRIVILEGED, LATEST)
