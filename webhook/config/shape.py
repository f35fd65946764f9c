"""Strict reading: what the fields of a file are called and hold, and where a document departs from that."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from webhook.config.errors import ConfigurationError, Problem
from webhook.policy.nearest import did_you_mean

ANYTHING: Final = object()
SCALAR: Final = object()

Shape = object
"""A mapping of names to shapes, a list of one shape for all its items, or one for a single value.

For a value there are ``str``, ``bool``, ``SCALAR`` (text, whole number or boolean), ``MapOf`` where the names
are anybody's, and ``ANYTHING``.
"""


class MapOf(NamedTuple):
    """An object whose fields have any names, and values of one shape."""

    values: Shape


_NOUNS: Final = {str: "a string", bool: "a boolean", int: "a number", float: "a number"}


def checked(document: Mapping[str, Any], shape: Shape) -> Mapping[str, Any]:
    """*document*, which has *shape*. Raises ConfigurationError, naming every field that is not of it.

    As in Kubernetes, a field that is ``null`` is a field that is absent; and as in the built-in plugin wrong
    types come first, and nobody is asked what was meant.
    """
    wrong = tuple(_wrong_types(document, shape, ""))
    if wrong:
        raise ConfigurationError.of(wrong)
    unknown = tuple(_unknown_fields(document, shape, "", hints=False))
    if unknown:
        told = ", ".join(each.text for each in unknown)
        raise ConfigurationError(f"strict decoding error: {told}", unknown)
    return document


def departures(document: Mapping[str, Any], shape: Shape) -> list[Problem]:
    """Everything in which *document* is not of *shape*; who mistyped is asked for the nearest name."""
    return [*_wrong_types(document, shape, ""), *_unknown_fields(document, shape, "", hints=True)]


def _wrong_types(value: object, shape: Shape, place: str) -> Iterator[Problem]:
    if value is None or shape is ANYTHING:
        return
    wanted, types = _wanted(shape)
    if not isinstance(value, types):
        yield _wrong(place, wanted, value)
    elif isinstance(shape, Mapping):
        for name, inner in shape.items():
            yield from _wrong_types(value.get(name), inner, _below(place, name))
    elif isinstance(shape, MapOf):
        for name, item in value.items():
            yield from _wrong_types(item, shape.values, _below(place, str(name)))
    elif isinstance(shape, list):
        for index, item in enumerate(value):
            yield from _wrong_types(item, shape[0], f"{place}[{index}]")


def _wanted(shape: Shape) -> tuple[str, Any]:
    """What a value of *shape* is called, and the types that it may have."""
    if isinstance(shape, Mapping | MapOf):
        return "an object", Mapping
    if isinstance(shape, list):
        return "a list", (list, tuple)
    if shape is SCALAR:
        return "a string, a whole number or a boolean", (str, bool, int)
    return ("true or false", bool) if shape is bool else ("a string", str)


def _unknown_fields(value: object, shape: Shape, place: str, *, hints: bool) -> Iterator[Problem]:
    """Fields that *shape* does not know, in the order in which Kubernetes reports them."""
    if isinstance(value, Mapping) and isinstance(shape, Mapping):
        for name in sorted(value, key=str):
            field = _below(place, str(name))
            if name in shape:
                yield from _unknown_fields(value[name], shape[name], field, hints=hints)
            else:
                meant = did_you_mean(str(name), shape) if hints else ""
                yield Problem(field, f'unknown field "{field}"{meant}')
    elif isinstance(value, list | tuple) and isinstance(shape, list):
        for index, item in enumerate(value):
            yield from _unknown_fields(item, shape[0], f"{place}[{index}]", hints=hints)


def _wrong(place: str, wanted: str, value: object) -> Problem:
    noun = _NOUNS.get(type(value)) or ("a list" if isinstance(value, list | tuple) else "an object")
    hint = ": put it in quotes" if wanted == "a string" and type(value) in _NOUNS else ""
    return Problem(place, f"{place or 'the document'}: must be {wanted}, not {noun}{hint}")


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
