"""What sigs.k8s.io/yaml makes of a fixed set of texts, checked in so that no Go is needed to compare.

Odd scalars in every position, odd tags, and structures of all kinds. To ask it anew, also of texts that were
added with ``{}`` for a verdict: ``python -m tests.conformance.yaml_records``
"""

import base64
import json
from collections.abc import Iterator
from contextlib import closing

from tests.conformance.programs import HERE, Conversation, build
from tests.conformance.yaml_cases import Verdict

DATA = HERE / "data" / "yaml.jsonl"


def records() -> Iterator[tuple[bytes, Verdict]]:
    """Texts, and the library's verdicts on them."""
    # Not splitlines(): the texts hold other line separators than this one.
    for line in DATA.read_text().split("\n"):
        if line:
            text, verdict = json.loads(line)
            yield text.encode() if isinstance(text, str) else base64.b64decode(text[0]), verdict


def question(text: bytes) -> str:
    """*text* as the program takes it."""
    return base64.b64encode(text).decode()


def _line(text: bytes, verdict: Verdict) -> str:
    try:
        written: str | list[str] = text.decode()
    except UnicodeDecodeError:
        written = [base64.b64encode(text).decode()]
    return json.dumps([written, verdict], separators=(",", ":")) + "\n"


def _refresh() -> None:
    asked = [text for text, _ in records()]
    with closing(Conversation(build(HERE / "yaml"))) as library:
        answers = library.ask([question(each) for each in asked])
    DATA.write_text("".join(map(_line, asked, answers)))


if __name__ == "__main__":
    _refresh()
