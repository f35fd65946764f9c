"""Where a fixed set of pods may be scheduled to, checked in so that no Go is needed to compare.

``python -m tests.conformance.scheduling_records`` asks the scheduler anew; the first time, it builds
for a minute.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from random import Random

from tests.conformance.programs import HERE, Conversation, build
from tests.conformance.scheduling_cases import Question
from tests.strategies.scheduling import nodes, pod

DATA = HERE / "data" / "scheduling.jsonl"
CLUSTERS = 8
PODS = 40


def records() -> Iterator[tuple[Question, list[str]]]:
    """Pods with the nodes of their cluster, each with the names of the nodes it may be scheduled to."""
    for line in DATA.read_text().split("\n"):
        if line:
            cluster, *asked = json.loads(line)
            yield from (({"pod": each, "nodes": cluster}, names) for each, names in asked)


def _refresh() -> None:
    random = Random("scheduling records")  # noqa: S311 - repeatable, not secret
    with closing(Conversation(build(HERE / "scheduling"))) as scheduler, DATA.open("w") as lines:
        for _ in range(CLUSTERS):
            cluster = nodes(random)
            pods = [pod(random) for _ in range(PODS)]
            answers = scheduler.ask([{"pod": each, "nodes": cluster} for each in pods])
            line = [cluster, *([each, names] for each, names in zip(pods, answers, strict=True))]
            lines.write(json.dumps(line, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    _refresh()
