"""What the reference library said of a fixed set of questions, checked in so that no Go is needed to compare.

``python -m tests.conformance.records`` asks it again, and anew where the strategies have changed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from random import Random
from typing import Any

import msgspec

from tests.conformance.differences import without_differences_of_words
from tests.conformance.programs import HERE, Conversation, build
from tests.conformance.verdicts import question
from tests.strategies.fields import CONTAINER_FIELDS, CONTAINER_LISTS, POD_FIELDS
from tests.strategies.pods import RELAXATIONS, Manifest, good_container, one_fault_each, pod, put
from tests.strategies.reviews import case
from tests.strategies.standards import TURNING_STANDARDS
from webhook.policy.standard import Standard

DATA = HERE / "data"
Record = dict[str, Any]


def read(name: str) -> list[Record]:
    """The records called *name*."""
    # Not splitlines(): the texts hold other line separators than this one.
    return [msgspec.json.decode(line) for line in (DATA / f"{name}.jsonl").read_bytes().split(b"\n") if line]


def pod_record(manifest: Manifest, answer: Record) -> Record:
    """A pod with what an answer to ``pod_case`` finds, ``[control, reason, detail]``: by level, and by the
    version from which on that is what it finds."""
    record: Record = {"pod": manifest}
    for standard, verdict in zip(TURNING_STANDARDS, answer["verdicts"], strict=True):
        found = [list(each.values()) for each in verdict["findings"]]
        since = record.setdefault(str(standard.level), {})
        if not since or list(since.values())[-1] != found:
            since[str(standard.version)] = found
    return record


def pod_case(manifest: Manifest) -> tuple[Manifest, Sequence[Standard]]:
    """What to ask for the record of a pod."""
    return manifest, TURNING_STANDARDS


def some_pods() -> Iterator[Manifest]:
    """Every value of every field once, in a container of some kind, and some generated pods."""
    random = Random("records")  # noqa: S311 - repeatable, not secret
    for field in (*POD_FIELDS, *CONTAINER_FIELDS):
        for value in (*field.good, *field.bad):
            kind = random.choice(CONTAINER_LISTS)
            manifest: Manifest = {"spec": {kind: [good_container("a")]}}
            node = manifest if field in POD_FIELDS else manifest["spec"][kind][0]
            put(node, field.path, [value] if field.is_list else value)
            yield manifest
    for relaxed in RELAXATIONS:
        yield from ({**each, "spec": each["spec"] | relaxed} for each in one_fault_each())
    for _ in range(150):
        yield pod(random)


def request_records(library: Conversation) -> Iterator[Record]:
    """Requests with their answers, as they are compared: a few for each way in which a request can end."""
    random = Random("records")  # noqa: S311 - repeatable, not secret
    asked = [case(random) for _ in range(3000)]
    known: Counter[object] = Counter()
    for each, answer in zip(asked, library.ask(asked), strict=True):
        compared = without_differences_of_words(answer)
        end = _end(each, compared)
        known[end] += 1
        if known[end] <= 2:
            yield {"case": each, "answer": compared}


def _end(asked: Record, answer: Record) -> object:
    request, response = asked["request"], answer["response"]
    annotations = response.get("auditAnnotations", {})
    return (
        request["resource"]["resource"] if request["resource"]["group"] == "" else "controller",
        request["operation"],
        response.get("status", {}).get("reason"),
        tuple(annotations),
        annotations.get("exempt"),
        len(response.get("warnings", ())),
    )


def _write(name: str, records: Iterator[Record]) -> None:
    DATA.mkdir(exist_ok=True)
    (DATA / f"{name}.jsonl").write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in records))


def _refresh() -> None:
    program = build(HERE / "oracle")
    with closing(Conversation(program, "policy")) as library:
        manifests = list(some_pods())
        answers = library.ask([question(*pod_case(each)) for each in manifests])
        _write("pods", map(pod_record, manifests, answers))
    with closing(Conversation(program, "admission")) as library:
        _write("requests", request_records(library))


if __name__ == "__main__":
    _refresh()
