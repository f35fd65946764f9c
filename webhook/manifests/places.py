"""Where things are written: the lines of the fields of one object."""

from typing import NamedTuple

from webhook.policy.path import Path


class Place(NamedTuple):
    """The line where a field or an item begins, and the places inside of it, where it has an inside."""

    line: int
    inside: "dict[str | int, Place] | None" = None


Places = dict[str | int, Place]


def line_in(root: Place, path: Path) -> int:
    """The line of the field at *path* below *root*, or of its nearest ancestor that is written."""
    place = root
    for step in path:
        if place.inside is None or step not in place.inside:
            break
        place = place.inside[step]
    return place.line
