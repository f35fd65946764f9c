"""Strict reading: what the fields of a file are called and hold, and where a document departs from that."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from webhook.config.errors import ConfigurationError, Problem

ANYTHING: Final = object()

Shape = object
"""A mapping of names to shapes, a list of one shape for all its items, ``str``, or ``ANYTHING``."""

_NOUNS: Final = {str: "a string", bool: "a boolean", int: "a number", float: "a number"}


def checked(document: Mapping[str, Any], shape: Shape) -> Mapping[str, Any]:
    """*document*, which has *shape*. Raises ConfigurationError, naming every field that is not of it.

    As in Kubernetes, a field that is ``null`` is a field that is absent.
    """
    wrong = tuple(_wrong_types(document, shape, ""))
    if wrong:
        raise ConfigurationError.of(wrong)
    unknown = tuple(_unknown_fields(document, shape, ""))
    if unknown:
        told = ", ".join(each.text for each in unknown)
        raise ConfigurationError(f"strict decoding error: {told}", unknown)
    return document


def _wrong_types(value: object, shape: Shape, place: str) -> Iterator[Problem]:
    if value is None or shape is ANYTHING:
        return
    if isinstance(shape, Mapping):
        if not isinstance(value, Mapping):
            yield _wrong(place, "an object", value)
            return
        for name, inner in shape.items():
            yield from _wrong_types(value.get(name), inner, _below(place, name))
    elif isinstance(shape, list):
        if not isinstance(value, list | tuple):
            yield _wrong(place, "a list", value)
            return
        for index, item in enumerate(value):
            yield from _wrong_types(item, shape[0], f"{place}[{index}]")
    elif not isinstance(value, str):
        yield _wrong(place, "a string", value)


def _unknown_fields(value: object, shape: Shape, place: str) -> Iterator[Problem]:
    """Fields that *shape* does not know, in the order in which Kubernetes reports them."""
    if isinstance(value, Mapping) and isinstance(shape, Mapping):
        for name in sorted(value, key=str):
            field = _below(place, str(name))
            if name in shape:
                yield from _unknown_fields(value[name], shape[name], field)
            else:
                yield Problem(field, f'unknown field "{field}"')
    elif isinstance(value, list | tuple) and isinstance(shape, list):
        for index, item in enumerate(value):
            yield from _unknown_fields(item, shape[0], f"{place}[{index}]")


def _wrong(place: str, wanted: str, value: object) -> Problem:
    noun = _NOUNS.get(type(value)) or ("a list" if isinstance(value, list | tuple) else "an object")
    hint = ": put it in quotes" if wanted == "a string" and type(value) in _NOUNS else ""
    return Problem(place, f"{place or 'the document'}: must be {wanted}, not {noun}{hint}")


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
