"""What Kubernetes' types accept, of a fixed set of manifests, checked in so that no Go is needed to compare.

``python -m tests.conformance.fields_records`` asks them anew.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from random import Random
from typing import Any, NamedTuple

from tests.conformance.fields_cases import UNKNOWN, Place, places, question
from tests.conformance.programs import HERE, Conversation, build
from webhook.manifests.fields_known import known

DATA = HERE / "data" / "fields.jsonl"


class Record(NamedTuple):
    """What may stand in a place, and what may not."""

    place: Place
    accepted: list[Any]
    refused: list[Any]


def records() -> Iterator[Record]:
    """The records."""
    # Not splitlines(): the texts hold other line separators than this one.
    for line in DATA.read_text().split("\n"):
        if line:
            (kind, *path), type_, accepted, refused = json.loads(line)
            yield Record(Place(kind, tuple(path), type_), accepted, refused)


def _refresh() -> None:
    """Everything about one place of each type that has no fields; of the other places, less."""
    random = Random("fields")  # noqa: S311 - repeatable, not secret
    types: set[str] = set()
    with closing(Conversation(build(HERE / "fields"), "decode")) as library, DATA.open("w") as lines:
        for place in places():
            values = place.values()
            answers = library.ask([question(place, value) for value in values])
            accepted = [value for value, problems in zip(values, answers, strict=True) if not problems]
            refused = [value for value, problems in zip(values, answers, strict=True) if problems]
            if place.type not in types and place.type not in known().types:
                types.add(place.type)
            elif place.type == UNKNOWN and random.random() < 0.9:
                continue
            else:
                accepted = random.sample(accepted, min(1, len(accepted)))
                refused = random.sample(refused, min(1, len(refused)))
            line = ([place.kind, *place.path], place.type, accepted, refused)
            lines.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    _refresh()
