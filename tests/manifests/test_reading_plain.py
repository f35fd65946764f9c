"""The fast reader and the exact one read the same."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from tests.conformance.yaml_cases import is_same
from tests.strategies.json_values import places
from tests.strategies.yaml_texts import damaged, lines, shuffled, written
from webhook.manifests import exact, plain
from webhook.manifests.malformed import Malformed
from webhook.manifests.nodes import Node
from webhook.manifests.places import Place, line_in
from webhook.manifests.plain_lines import taken_apart
from webhook.manifests.plain_text import NotPlain

MANIFEST = (Path(__file__).parent / "reading" / "plain.yaml").read_text()

texts = st.one_of(lines(), shuffled(MANIFEST), damaged(shuffled(MANIFEST)), written())


@settings(max_examples=1500)
@given(texts, st.sampled_from(("", "---\n", "--- # c\n", "--- x\n", "--- |\n", "# c\n\n")))
@example(MANIFEST, "")
def test_whatever_the_fast_reader_accepts_it_reads_as_the_exact_one_does(text: str, head: str) -> None:
    try:
        ours = plain.read(head + text, with_places=True)
    except NotPlain:
        event("left to the exact reader")
        return
    event("read fast")
    theirs = exactly(head + text)

    assert is_same(ours.value, theirs.value)
    assert is_same(plain.read(head + text).value, theirs.value)
    if ours.value is not None:
        for path in places(ours.value):
            assert line_of(ours, path) == line_of(theirs, path)


def exactly(text: str) -> Node:
    try:
        found = list(exact.documents(text, with_places=True))
    except Malformed as malformed:
        pytest.fail(f"the exact reader refuses this: {malformed}")
    assert len(found) <= 1
    return found[0] if found else Node(1, None)


def line_of(node: Node, path: tuple[str | int, ...]) -> int:
    return line_in(Place(node.line, node.inside), path)


def test_a_manifest_as_most_are_written_is_read_fast() -> None:
    assert plain.read(MANIFEST).value == exactly(MANIFEST).value


def test_values_of_one_line_are_not_shared_between_documents() -> None:
    text = "a: [x]\nb: {c: d}\n"
    first, second = plain.read(text).value, plain.read(text).value

    first["a"].append("y")
    first["b"]["e"] = "f"

    assert second == {"a": ["x"], "b": {"c": "d"}}


def test_what_is_remembered_of_lines_is_bounded() -> None:
    for number in range(10_000):
        plain.read(f"key: value-{number}\n")

    assert taken_apart.cache_info().currsize <= 4096


def test_the_exact_reader_is_not_loaded_where_it_is_not_needed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(MANIFEST)
    program = (
        "import sys; from webhook.manifests import read\n"
        "list(read(sys.argv[1:])); print('yaml' in sys.modules)"
    )

    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=True
    )

    assert ran.stdout == b"False\n"


def test_long_lines_are_not_remembered() -> None:
    taken_apart.cache_clear()

    plain.read("key: " + "x" * 1000 + "\n")

    assert taken_apart.cache_info().currsize <= 1


def test_what_only_looks_like_the_start_of_a_document_is_text() -> None:
    with pytest.raises(NotPlain):
        plain.read("---#c")
    assert plain.read("--- #c\na: b").value == {"a": "b"}
