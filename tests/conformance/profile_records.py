"""What the readers of nodes make of a fixed set of documents, checked in so that no Go is needed to compare.

They are the documents of ``tests/seccomp/dialects``, and some that were generated. To ask the readers anew,
also about new documents there: ``python -m tests.conformance.profile_records``
"""

import base64
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import msgspec
import yaml

from tests.conformance.profile_cases import Answer, Case
from tests.conformance.programs import HERE, Conversation, build

DATA = HERE / "data" / "profiles.jsonl"
WRITTEN = HERE.parent / "seccomp" / "dialects"


def records() -> Iterator[tuple[Case, dict[str, Answer]]]:
    """Cases, and the answer of each reader."""
    for line in DATA.read_bytes().split(b"\n"):
        if line:
            case, answers = msgspec.json.decode(line)
            yield case_of(case), answers


def written() -> Iterator[Case]:
    """The documents that were thought of, each for one node."""
    for name in ("refused.yaml", "remarks.yaml", "resolved.yaml"):
        for each in yaml.safe_load((WRITTEN / name).read_text()):
            node: dict[str, Any] = each.get("node", {})
            yield Case(
                each["text"].encode(),
                tuple(node.get("capabilities", ())),
                architecture=node.get("architecture", "SCMP_ARCH_X86_64"),
            )


def case_of(fields: list[Any]) -> Case:
    """The case as ``line_of`` wrote it."""
    text, capabilities, kernel, architecture = fields
    document = text.encode() if isinstance(text, str) else base64.b64decode(text[0])
    return Case(document, tuple(capabilities), tuple(kernel), architecture)


def line_of(case: Case, answers: dict[str, Answer]) -> bytes:
    """A record on its line; a document that is no text in base64, in a list."""
    try:
        text: str | list[str] = case.document.decode()
    except UnicodeDecodeError:
        text = [base64.b64encode(case.document).decode()]
    return msgspec.json.encode([[text, *case[1:]], answers]) + b"\n"


def _refresh() -> None:
    generated = [case for case, _ in records()] if DATA.exists() else []
    cases = list(dict.fromkeys([*written(), *generated]))
    with closing(Conversation(build(HERE / "profiles", tags="seccomp"))) as readers:
        answers = readers.ask([each.question() for each in cases])
    DATA.write_bytes(b"".join(map(line_of, cases, answers)))


if __name__ == "__main__":
    _refresh()
