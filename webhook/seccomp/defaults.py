"""The profiles that runtimes use for ``RuntimeDefault``.

Source: ``data/runtime_defaults``, which ``python -m tools.runtime_defaults`` makes by asking the runtimes'
own code (Apache-2.0) for many containers. Each file names the module, its version and its date.
"""

from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec

from webhook.seccomp.profile import Argument, Place, Profile, Rule
from webhook.seccomp.target import Reader, Target, Version


class _Filter(msgspec.Struct, frozen=True):
    capabilities: frozenset[str] = frozenset()
    architectures: frozenset[str] = frozenset()
    kernel: tuple[int, int] | None = None


class _Rule(msgspec.Struct, frozen=True):
    names: tuple[str, ...]
    action: str
    errno: int | None = None
    arguments: tuple[tuple[int, int, int, str], ...] = ()
    includes: _Filter = _Filter()
    excludes: _Filter = _Filter()


class _Default(msgspec.Struct, frozen=True):
    reader: Reader
    since: Version
    sources: tuple[str, ...]
    date: str
    license: str
    default_action: str
    default_errno: int | None
    architectures: dict[str, tuple[str, ...]]
    rules: tuple[_Rule, ...]


class Origin(NamedTuple):
    """Where a default profile was taken from: the modules with their versions, the day, the license."""

    reader: Reader
    since: Version
    sources: tuple[str, ...]
    date: str
    license: str


def runtime_default(target: Target) -> Profile:
    """What the runtime makes of ``RuntimeDefault`` for this container, with nothing left to decide.

    Of the versions that are known the newest one that is not newer than the target's is taken, or the oldest.
    Raises UnknownArchitecture.
    """
    default = _default(target)
    if target.architecture not in default.architectures:
        raise UnknownArchitecture(target.architecture)
    rules = tuple(
        Rule(
            each.names,
            each.action,
            each.errno,
            tuple(Argument(*argument, _PLACE) for argument in each.arguments),
            _PLACE,
        )
        for each in default.rules
        if _applies(each, target)
    )
    architectures = default.architectures[target.architecture]
    return Profile(default.default_action, default.default_errno, architectures, rules=rules)


class UnknownArchitecture(LookupError):
    """It is not known what the runtimes do on this architecture."""


def origin(target: Target) -> Origin:
    """Where the default profile of this target was taken from."""
    return _origin(_default(target))


def origins() -> tuple[Origin, ...]:
    """Where all of them were taken from."""
    return tuple(_origin(each) for reader in Reader for each in _all(reader))


def deciding_capabilities(target: Target) -> frozenset[str]:
    """The capabilities on which the runtime's default depends, on any machine."""
    filters = [each for rule in _default(target).rules for each in (rule.includes, rule.excludes)]
    return frozenset().union(*(each.capabilities for each in filters))


# Rules of a default profile stand in no file of the user's.
_PLACE: Final = Place(0, "")


def _applies(rule: _Rule, target: Target) -> bool:
    includes, excludes = rule.includes, rule.excludes
    return (
        includes.capabilities <= target.capabilities
        and (not includes.architectures or target.architecture in includes.architectures)
        and (includes.kernel is None or target.kernel[:2] >= includes.kernel)
        and not excludes.capabilities & target.capabilities
    )


def _origin(default: _Default) -> Origin:
    return Origin(default.reader, default.since, default.sources, default.date, default.license)


@cache
def _all(reader: Reader) -> tuple[_Default, ...]:
    """All versions of the reader's default, the oldest first."""
    place = files("webhook.seccomp").joinpath("data/runtime_defaults")
    known = (msgspec.json.decode(each.read_bytes(), type=_Default) for each in place.iterdir())
    return tuple(sorted((each for each in known if each.reader is reader), key=lambda each: each.since))


def _default(target: Target) -> _Default:
    reader, version = target.runtime.reader, target.runtime.reader_version
    known = _all(reader)
    return next((each for each in reversed(known) if each.since <= version), known[0])
