"""Shapes of values: objects, maps and lists, and what is wrong with a value that has another shape."""

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from webhook.manifests.fields_words import described, nearest
from webhook.policy.path import Path, dotted


class FieldError(NamedTuple):
    """A field that Kubernetes would not accept: where it stands in the manifest, and why."""

    path: Path
    problem: str

    def __str__(self) -> str:
        place = dotted(self.path)
        return f"{place}: {self.problem}" if place else self.problem


class Shape(Protocol):
    """What a value must look like. As in Go's decoding, every shape accepts null."""

    @property
    def exact(self) -> type | None:
        """The Python type all of whose values have this shape: the short way past most fields."""

    def errors(self, value: Any, path: Path) -> Iterator[FieldError]:  # noqa: ANN401 - any JSON value
        """What is wrong with *value*, which stands at *path*."""


class Object:
    """An object with known fields."""

    __slots__ = ("fields",)
    exact = None

    def __init__(self, fields: dict[str, Shape]) -> None:
        self.fields = fields

    def errors(self, value: Any, path: Path) -> Iterator[FieldError]:  # noqa: ANN401 - any JSON value
        """What is wrong with the fields of *value*, and those that are not known."""
        if isinstance(value, dict):
            known = self.fields
            for name, member in value.items():
                shape = known.get(name)
                if shape is None:
                    yield FieldError((*path, str(name)), f"unknown field{nearest(name, known)}")
                elif member is not None and type(member) is not shape.exact:
                    yield from shape.errors(member, (*path, name))
        elif value is not None:
            yield FieldError(path, f"must be an object, is {described(value)}")


class MapOf:
    """An object with fields of any name and one shape."""

    __slots__ = ("member",)
    exact = None

    def __init__(self, member: Shape) -> None:
        self.member = member

    def errors(self, value: Any, path: Path) -> Iterator[FieldError]:  # noqa: ANN401 - any JSON value
        """What is wrong with the members of *value*."""
        if isinstance(value, dict):
            shape = self.member
            for name, member in value.items():
                if member is not None and type(member) is not shape.exact:
                    yield from shape.errors(member, (*path, name))
        elif value is not None:
            yield FieldError(path, f"must be an object, is {described(value)}")


class ListOf:
    """A list with entries of one shape."""

    __slots__ = ("entry",)
    exact = None

    def __init__(self, entry: Shape) -> None:
        self.entry = entry

    def errors(self, value: Any, path: Path) -> Iterator[FieldError]:  # noqa: ANN401 - any JSON value
        """What is wrong with the entries of *value*."""
        if isinstance(value, list):
            shape = self.entry
            for index, entry in enumerate(value):
                if entry is not None and type(entry) is not shape.exact:
                    yield from shape.errors(entry, (*path, index))
        elif value is not None:
            advice = ": make it an entry of a list" if isinstance(value, dict) else ""
            yield FieldError(path, f"must be a list, is {described(value)}{advice}")
