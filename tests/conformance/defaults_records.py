"""What the API server makes of a fixed set of manifests, checked in so that no Go is needed to compare.

``python -m tests.conformance.defaults_records`` asks it anew; the first time, it builds for some minutes.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from random import Random
from typing import Any

from tests.conformance.defaults_cases import Manifest, manifest, seen
from tests.conformance.programs import HERE, Conversation, build
from webhook.policy.workload import pod_of

DATA = HERE / "data" / "defaults.jsonl"
RECORDS = 200
LARGEST = 1000  # characters; longer ones add nothing but length


def records() -> Iterator[tuple[Manifest, Any]]:
    """Manifests, each with what the controls see of it after the API server completed it."""
    # Not splitlines(): the texts hold other line separators than this one.
    yield from (json.loads(line) for line in DATA.read_text().split("\n") if line)


def _refresh() -> None:
    random = Random("defaults")  # noqa: S311 - repeatable, not secret
    candidates = (manifest(random) for _ in range(RECORDS * 2))
    manifests = [each for each in candidates if len(json.dumps(each)) < LARGEST][:RECORDS]
    with closing(Conversation(build(HERE / "defaults"))) as server, DATA.open("w") as lines:
        for written, completed in zip(manifests, server.ask(manifests), strict=True):
            pod = pod_of(written["apiVersion"], written["kind"], completed)
            line = (written, seen(pod))
            lines.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    _refresh()
