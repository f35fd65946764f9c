"""The fields that Kubernetes knows, read from ``fields.json``, which is made from its Go types."""

from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from webhook.manifests.fields_scalars import SCALARS
from webhook.manifests.fields_shapes import ListOf, MapOf, Object, Shape
from webhook.policy.workload import UnknownKind

FILE: Final = Path(__file__).with_name("fields.json")


class Known(Struct, frozen=True):
    """What the file holds: its source, the type of each kind, and the fields of each type."""

    source: str
    command: str
    kinds: dict[str, str]
    types: dict[str, dict[str, str]]


def shape_of(api_version: str, kind: str) -> Shape:
    """The shape of the objects of a kind. Raises UnknownKind."""
    shape = _kinds().get(f"{api_version} {kind}")
    if shape is None:
        raise UnknownKind(f"{api_version}, Kind={kind}")
    return shape


@cache
def known() -> Known:
    """The content of the file."""
    return msgspec.json.decode(FILE.read_bytes(), type=Known)


@cache
def _kinds() -> dict[str, Shape]:
    written = known()
    objects = {name: Object({}) for name in written.types}
    shapes: dict[str, Shape] = {**SCALARS, **objects}
    for name, fields in written.types.items():
        for field, expression in fields.items():
            objects[name].fields[field] = _shape(expression, shapes)
    return {kind: shapes[name] for kind, name in written.kinds.items()}


def _shape(expression: str, shapes: dict[str, Shape]) -> Shape:
    """The shape that *expression* stands for: ``[]X`` is a list of X, ``{}X`` a map from texts to X."""
    shape = shapes.get(expression)
    if shape is None:
        member = _shape(expression[2:], shapes)
        shape = ListOf(member) if expression.startswith("[]") else MapOf(member)
        shapes[expression] = shape
    return shape
