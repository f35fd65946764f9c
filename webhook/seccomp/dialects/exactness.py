"""What of a profile a dialect cannot say."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from webhook.seccomp.dialects import operator_schema as schema
from webhook.seccomp.dialects.dialect import Dialect
from webhook.seccomp.dialects.go_quoted import shown
from webhook.seccomp.dialects.refusals import is_disabled
from webhook.seccomp.profile import Argument, Filter, Place, Profile, Rule

PlaceOfKey = Callable[[str], Place]


class Inexact(ValueError):
    """The dialect cannot say all of it. ``reasons``: what, where and why, one text for each."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class Bounds(NamedTuple):
    """The greatest numbers that a dialect can write."""

    errno: int
    number: int
    value: int


_UNSIGNED: Final = Bounds(*[(1 << 64) - 1] * 3)
_BOUNDS: Final = {Dialect.OPERATOR: Bounds(schema.MAX_INT32, schema.MAX_INT32, schema.MAX_INT64)}
_HAS_CONDITIONS: Final = {Dialect.DOCKER, Dialect.CONTAINERS_COMMON}
_MAX_KERNEL: Final = 255


def first_line(key: str) -> Place:
    """The place of a key of the profile where nobody knows its line."""
    return Place(1, key)


def reasons(profile: Profile, dialect: Dialect, place_of_key: PlaceOfKey = first_line) -> Iterator[str]:
    """Why *profile* cannot be written in *dialect* such that the same is read again; nothing: it can.

    Comments are no part of what a profile says. *place_of_key* knows where the keys of the profile stand.
    """
    yield from _of_the_top(profile, dialect, place_of_key)
    for rule in profile.rules:
        yield from _of_a_rule(rule, dialect)
    if dialect is Dialect.OPERATOR:
        yield from _of_the_operator(profile, place_of_key)


def said(place: Place, why: str) -> str:
    """A reason as it is shown."""
    return f"line {place.line}: {place.path}: {why}"


def _of_the_top(profile: Profile, dialect: Dialect, place_of_key: PlaceOfKey) -> Iterator[str]:
    errno = profile.default_errno
    yield from _of_errno(
        errno, dialect, place_of_key("defaultErrno" if isinstance(errno, str) else "defaultErrnoRet")
    )
    if profile.sub_architectures:
        if dialect not in _HAS_CONDITIONS:
            yield said(place_of_key("archMap"), f"{dialect} names architectures for every node alike")
        elif profile.architectures and not is_disabled(profile):
            yield said(place_of_key("archMap"), f"{dialect} refuses it beside architectures")
    if profile.flags == () and dialect is Dialect.OPERATOR:
        yield said(
            place_of_key("flags"),
            f"{dialect} leaves the empty list out, and then a runtime has its own flags",
        )


def _of_a_rule(rule: Rule, dialect: Dialect) -> Iterator[str]:
    place = rule.place
    key = "errno" if isinstance(rule.errno, str) else "errnoRet"
    yield from _of_errno(rule.errno, dialect, place._replace(path=f"{place.path}.{key}"))
    for key, condition in (("includes", rule.includes), ("excludes", rule.excludes)):
        yield from _of_a_condition(condition, dialect, place._replace(path=f"{place.path}.{key}"))
    if rule.name and dialect is not Dialect.CONTAINERS_COMMON:
        yield said(place, f"it has both name and names, which {dialect} cannot read")
    bounds = _BOUNDS.get(dialect, _UNSIGNED)
    for argument in rule.arguments:
        yield from _of_an_argument(argument, bounds, dialect)


def _of_errno(errno: int | str | None, dialect: Dialect, place: Place) -> Iterator[str]:
    if isinstance(errno, str):
        if dialect is not Dialect.CONTAINERS_COMMON:
            yield said(place, f'{dialect} has no names of errors, as "{shown(errno)}"')
        elif not errno:
            yield said(place, "an empty name is none")
    elif errno is not None and not 0 <= errno <= _BOUNDS.get(dialect, _UNSIGNED).errno:
        yield said(place, f"{errno} is no number that {dialect} can write")


def _of_a_condition(condition: Filter, dialect: Dialect, place: Place) -> Iterator[str]:
    if condition == Filter():
        return
    if dialect not in _HAS_CONDITIONS:
        yield said(place, f"{dialect} has no rules that depend on the node or the container")
    elif condition.kernel is not None and dialect is Dialect.CONTAINERS_COMMON:
        yield said(place._replace(path=f"{place.path}.minKernel"), f"{dialect} knows no kernels")
    elif condition.kernel is not None and not all(0 <= part <= _MAX_KERNEL for part in condition.kernel):
        yield said(
            place._replace(path=f"{place.path}.minKernel"), f"no part of it may be above {_MAX_KERNEL}"
        )


def _of_an_argument(argument: Argument, bounds: Bounds, dialect: Dialect) -> Iterator[str]:
    for key, number, most in (
        ("index", argument.number, bounds.number),
        ("value", argument.value, bounds.value),
        ("valueTwo", argument.value_two, bounds.value),
    ):
        if not 0 <= number <= most:
            place = argument.place._replace(path=f"{argument.place.path}.{key}")
            yield said(place, f"{number} is no number that {dialect} can write")


def _of_the_operator(profile: Profile, place_of_key: PlaceOfKey) -> Iterator[str]:
    if profile.default_errno is not None:
        yield said(place_of_key("defaultErrnoRet"), "operator has no number for the default action")
    yield from _of_words((profile.default_action,), schema.ACTIONS, place_of_key("defaultAction"))
    yield from _of_words(profile.architectures, schema.ARCHITECTURES, place_of_key("architectures"))
    yield from _of_words(profile.flags or (), schema.FLAGS, place_of_key("flags"))
    if profile.listener_path and not schema.is_listener_path(profile.listener_path):
        yield said(place_of_key("listenerPath"), f"operator takes paths as {schema.LISTENER_PATH}")
    for rule in profile.rules:
        yield from _of_a_rule_of_the_operator(rule)


def _of_a_rule_of_the_operator(rule: Rule) -> Iterator[str]:
    place = rule.place
    if not rule.names:
        yield said(place._replace(path=f"{place.path}.names"), "operator wants a name in each rule")
    yield from _of_words(rule.names, (), place._replace(path=f"{place.path}.names"))
    yield from _of_words((rule.action,), schema.ACTIONS, place._replace(path=f"{place.path}.action"))
    if rule.errno == 0:
        yield said(
            place._replace(path=f"{place.path}.errnoRet"),
            "operator leaves 0 out, and then the call fails (EPERM)",
        )
    if len(rule.arguments) > schema.MAX_ARGUMENTS:
        why = f"operator takes {schema.MAX_ARGUMENTS} conditions in a rule"
        yield said(place._replace(path=f"{place.path}.args"), why)
    for argument in rule.arguments:
        at = argument.place
        yield from _of_words((argument.op,), schema.OPERATORS, at._replace(path=f"{at.path}.op"))


def _of_words(words: Sequence[str], supported: tuple[str, ...], place: Place) -> Iterator[str]:
    seen = set()
    for word in words:
        if supported and word not in supported:
            yield said(place, f'operator has no "{shown(word)}"')
        if word in seen:
            yield said(place, f'operator takes "{shown(word)}" once')
        seen.add(word)
