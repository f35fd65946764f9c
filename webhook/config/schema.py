"""The JSON schema of ``Configuration``: made from the shapes that the file is read by.

``python -m webhook.config.schema`` prints it; ``make docs`` writes it beside this file; a test
holds it fresh, and equal to the reader in what it allows. Source: json-schema.org, draft 2020-12. As in
Kubernetes, a field that is ``null`` is one that is absent.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from webhook.config.configuration import KIND, SHAPE
from webhook.config.schema_notes import NOTES, REQUIRED
from webhook.config.shape import SCALAR, MapOf, Shape

_ID: Final = "https://seccomp-webhook.io/v1/configuration.schema.json"


def schema() -> dict[str, Any]:
    """The schema as JSON."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": _ID, "title": KIND}
    return {**head, **_schema_of(SHAPE, "", may_be_null=False)}


def _schema_of(shape: Shape, place: str, *, may_be_null: bool) -> dict[str, Any]:
    notes = dict(NOTES.get(place, {}))
    if isinstance(shape, Mapping):
        required = REQUIRED.get(place, ())
        properties = {
            name: _schema_of(inner, f"{place}.{name}" if place else name, may_be_null=name not in required)
            for name, inner in shape.items()
        }
        return {
            **_typed("object", may_be_null=may_be_null),
            **notes,
            "properties": properties,
            **({"required": list(required)} if required else {}),
            "additionalProperties": False,
        }
    if isinstance(shape, list):
        items = _schema_of(shape[0], f"{place}[]", may_be_null=False)
        return {**_typed("array", may_be_null=may_be_null), **notes, "items": items}
    if isinstance(shape, MapOf):
        values = _schema_of(shape.values, f"{place}.*", may_be_null=True)
        return {**_typed("object", may_be_null=may_be_null), **notes, "additionalProperties": values}
    return _value(shape, notes, may_be_null=may_be_null)


def _value(shape: Shape, notes: dict[str, Any], *, may_be_null: bool) -> dict[str, Any]:
    if "const" in notes:
        return notes
    if "enum" in notes:
        return {**notes, "enum": [*notes["enum"], *([None] if may_be_null else [])]}
    if shape is SCALAR:
        return {"type": ["string", "integer", "boolean"], **notes}
    return {**_typed("boolean" if shape is bool else "string", may_be_null=may_be_null), **notes}


def _typed(name: str, *, may_be_null: bool) -> dict[str, Any]:
    return {"type": [name, "null"] if may_be_null else name}


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))  # noqa: T201 - printing is what this command is for
