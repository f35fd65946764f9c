"""What the reference library said of a fixed set of questions, checked in so that no Go is needed to compare.

``python -m tests.conformance.records`` asks it again, and anew where the strategies have changed.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from random import Random
from typing import Any

import msgspec

from tests.conformance.programs import HERE, Conversation, build
from tests.conformance.verdicts import question
from tests.strategies.fields import CONTAINER_FIELDS, CONTAINER_LISTS, POD_FIELDS
from tests.strategies.pods import Manifest, good_container, pod, put
from tests.strategies.standards import STANDARDS, TURNING_STANDARDS
from webhook.policy.standard import LATEST, Level, Standard, Version

DATA = HERE / "data"
Record = dict[str, Any]


def read(name: str) -> list[Record]:
    """The records called *name*."""
    # Not splitlines(): the texts hold other line separators than this one.
    return [msgspec.json.decode(line) for line in (DATA / f"{name}.jsonl").read_bytes().split(b"\n") if line]


def pod_record(manifest: Manifest, standards: Sequence[Standard], answer: Record) -> Record:
    """A pod with what an answer finds, as ``[control, reason, detail]``, by standard."""
    found = ([list(each.values()) for each in verdict["findings"]] for verdict in answer["verdicts"])
    return {"pod": manifest, "verdicts": dict(zip(map(str, standards), found, strict=True))}


def pod_case(record: Record) -> tuple[Manifest, Sequence[Standard]]:
    """The pod of a record, with the standards that it was held to."""
    texts = (text.split(":") for text in record["verdicts"])
    return record["pod"], [Standard(Level.parse(level), Version.parse(version)) for level, version in texts]


def some_pods() -> Iterator[tuple[Manifest, Sequence[Standard]]]:
    """Every value of every field once, in a container of some kind, and some generated pods."""
    random = Random("records")  # noqa: S311 - repeatable, not secret
    for field in (*POD_FIELDS, *CONTAINER_FIELDS):
        for value in (*field.good, *field.bad):
            kind = random.choice(CONTAINER_LISTS)
            manifest: Manifest = {"spec": {kind: [good_container("a")]}}
            node = manifest if field in POD_FIELDS else manifest["spec"][kind][0]
            put(node, field.path, [value] if field.is_list else value)
            yield manifest, random.sample(TURNING_STANDARDS, 3)
    for _ in range(400):
        yield pod(random), [Standard(Level.RESTRICTED, LATEST), *random.sample(STANDARDS, 2)]


def _write(name: str, records: Iterator[Record]) -> None:
    DATA.mkdir(exist_ok=True)
    (DATA / f"{name}.jsonl").write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in records))


def _refresh() -> None:
    program = build(HERE / "oracle")
    with closing(Conversation(program, "policy")) as library:
        cases = list(some_pods())
        answers = library.ask([question(*case) for case in cases])
        _write("pods", (pod_record(*case, answer) for case, answer in zip(cases, answers, strict=True)))


if __name__ == "__main__":
    _refresh()
