"""Parts of a manifest that may be malformed: what is not what it should be counts as absent."""

from collections.abc import Iterator, Mapping
from typing import Any

from webhook.policy.path import Path

Manifest = Mapping[str, Any]
Addition = tuple[Path, Any]
"""A field to fill in: its path and its value."""


def member(holder: Manifest, field: str) -> Manifest:
    """The object in a field; an empty one where there is none."""
    value = holder.get(field)
    return value if isinstance(value, dict) else {}


def entries(holder: Manifest, field: str) -> Iterator[tuple[int, Manifest]]:
    """The objects in a list, with their places."""
    value = holder.get(field)
    if isinstance(value, list):
        for index, entry in enumerate(value):
            if isinstance(entry, dict):
                yield index, entry
