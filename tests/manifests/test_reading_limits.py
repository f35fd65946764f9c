"""No input exhausts the machine: what is too much is refused with a line, and the rest is read."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.manifests.reading_files import Read, reader_in
from webhook.manifests import Unreadable, chunks, jsontext, readers
from webhook.manifests import read as read_files
from webhook.manifests.chunks import Chunk
from webhook.manifests.fields import type_errors

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n"
DEEP = 100_000


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return reader_in(tmp_path)


NESTED = {
    "open brackets": "a: " + "[" * DEEP,
    "brackets": "a: " + "[" * DEEP + "]" * DEEP,
    "open braces": "{a: " * DEEP,
    "braces": "{a: " * DEEP + "}" * DEEP,
    "JSON objects": '{"a":' * DEEP + "1" + "}" * DEEP,
    "JSON arrays": '{"a":' + "[" * DEEP + "]" * DEEP + "}",
    "JSON arrays, less deep": '{"a":' + "[" * 300 + "]" * 300 + "}",
    "dashes": "- " * DEEP + "a",
    "question marks": "? " * DEEP + "a",
    "blocks": "".join(" " * depth + "a:\n" for depth in range(1000)),
    "lists in blocks": "".join("  " * depth + "- a:\n" for depth in range(300)),
    "aliases": "a0: &a0 {x: y}\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, DEEP)),
}


@pytest.mark.parametrize("how", NESTED)
def test_what_is_nested_too_deep_is_refused(read: Read, how: str) -> None:
    documents, unreadable = read(f"{POD}---\n{NESTED[how]}\n---\n{POD}")

    assert [each.document for each in documents] == [1, 3]
    assert [each.message for each in unreadable] == ["nested more than 200 deep: no Kubernetes object is"]


@pytest.mark.parametrize("brackets", [("{a: ", "b", "}"), ("[", "", "]"), ('{"a":', "1", "}")])
def test_what_is_nested_deep_enough_for_any_schema_is_read(
    read: Read, brackets: tuple[str, str, str]
) -> None:
    opening, middle, closing = brackets
    documents, unreadable = read(f"{POD}spec: {opening * 190}{middle}{closing * 190}\n")

    assert unreadable == []
    assert len(documents) == 1


def test_aliases_that_explode_are_refused(read: Read) -> None:
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for one, next_one in pairwise(range(30)):
        laughs += f"a{next_one}: &a{next_one} [{', '.join([f'*a{one}'] * 9)}]\n"

    documents, unreadable = read(f"{POD}---\n{laughs}---\n{POD}")

    assert len(documents) == 2
    assert [each.line for each in unreadable] == [9]
    assert unreadable[0].message.startswith("too much of this document comes from aliases")


def test_as_many_aliases_as_go_yaml_allows_are_read(read: Read) -> None:
    shared = "a: &a [" + "x, " * 100 + "]\n"
    some = shared + "".join(f"b{n}: *a\n" for n in range(20))

    documents, unreadable = read(POD + some)

    assert unreadable == []
    assert documents[0].object["b19"] == ["x"] * 100


@pytest.mark.parametrize("block", [1, 2, 3, 5, 7, 100])
def test_where_a_block_ends_does_not_matter(block: int) -> None:
    text = b"a\n---\nb\n--- # c\nc---\n---d\n----\n---\n%YAML 1.1\n---\ne\n...\n%F\n# g\n\n---\r\nh\n---"
    whole = list(chunks.chunks(iter([text])))

    assert list(chunks.chunks(iter([text[n : n + block] for n in range(0, len(text), block)]))) == whole
    assert [each.line for each in whole] == [1, 2, 4, 8, 10, 13, 18]


def test_a_document_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "DOCUMENT_BYTES", 1000)
    text = b"a\n---\n" + b"b\n" * 2000 + b"---\nc\n"

    cut = list(chunks.chunks(iter([text[n : n + 100] for n in range(0, len(text), 100)])))

    assert cut == [Chunk(1, b"a\n"), Chunk(2, None), Chunk(2003, b"---\nc\n")]


def test_an_object_that_no_cluster_takes_is_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "OBJECT_BYTES", 1 << 20)
    long = "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n" + "    text\n" * 200_000

    documents, unreadable = read(f"{POD}---\n{long}---\n{POD}")

    assert [each.document for each in documents] == [1, 3]
    assert [each.line for each in unreadable] == [5]


@pytest.mark.parametrize(
    "written",
    [
        '{"apiVersion": "v1", "kind": "ConfigMap", "data": [%s1]}',
        '{"apiVersion": "v1", "kind": "List", "items": [{"data": [%s1]}]}',
        '{"apiVersion": "v1", "kind": "List", "x": [%s1], "items": []}',
    ],
)
def test_so_is_one_in_json(read: Read, monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setattr(jsontext, "OBJECT_BYTES", 1 << 20)
    monkeypatch.setattr(readers, "OBJECT_BYTES", 1 << 20)

    documents, unreadable = read("\n" + written % ("[]," * 500_000))

    assert documents == []
    assert [each.line for each in unreadable] == [2]
    assert unreadable[0].message.startswith("a document of more than 1 MiB: ")


def test_a_long_list_in_json_is_read_whatever_its_items(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsontext, "OBJECT_BYTES", 1000)
    pod = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "]"}}'

    documents, unreadable = read(
        '{"apiVersion": "v1", "kind": "List", "items": [' + ",".join(["1", '"a"', pod] * 100) + "]}"
    )

    assert len(documents) == 100
    assert len(unreadable) == 200


MEASURE = """
import resource, sys
from webhook.manifests import Document, read
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(isinstance(each, Document) for each in read([sys.argv[1]]))
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(
    "value",
    [
        "'" + "1" * 500_000 + "x'",
        "!!timestamp '2001-01-01" + " " * 500_000 + "'",
    ],
    ids=["a number", "blanks"],
)
def test_no_value_takes_longer_than_its_length(tmp_path: Path, value: str) -> None:
    # Expressions that go back and try again would take hours for these.
    pod = f"{POD}spec:\n  containers:\n  - name: a\n    resources: {{limits: {{cpu: {value}}}}}\n"
    (tmp_path / "a.yaml").write_text(pod)

    [found] = read_files([str(tmp_path / "a.yaml")])

    assert isinstance(found, Unreadable) or list(type_errors(found.object, "v1", "Pod"))


@pytest.mark.parametrize("style", ["documents", "list", "JSON list"])
def test_memory_does_not_grow_with_the_objects(tmp_path: Path, style: str) -> None:
    pod = POD + "spec:\n  containers:\n" + "".join(f"  - name: c{n}\n    image: i{n}\n" for n in range(40))
    item = "- " + pod.replace("\n", "\n  ").rstrip(" ")
    of_json = (
        '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": ['
        + ", ".join(['{"name": "c"}'] * 100)
        + "]}}"
    )
    text = {
        "documents": f"{pod}---\n" * 5000,
        "list": f"apiVersion: v1\nitems:\n{item * 5000}kind: List\n",
        "JSON list": '{"apiVersion": "v1", "items": [' + ",\n".join([of_json] * 5000) + '], "kind": "List"}',
    }[style]
    (tmp_path / "a.yaml").write_text(text)

    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", MEASURE, str(tmp_path / "a.yaml")], capture_output=True, check=True, text=True
    )

    count, mebibytes = map(int, ran.stdout.split())
    assert count == 5000
    assert mebibytes < (10 if style == "documents" else 10 + 5 * len(text) // (1 << 20))


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"a: \xff\n", 5, "the byte 0xff is no UTF-8: save the file as UTF-8"),
        (b"a: b\n\xc3\n", 6, "the byte 0xc3 is no UTF-8: save the file as UTF-8"),
        (b"a: \0\n", 5, "this holds NUL bytes: it is no text"),
    ],
)
def test_bytes_that_are_no_text_hide_nothing_else(read: Read, data: bytes, line: int, message: str) -> None:
    documents, unreadable = read(f"{POD}---\n".encode()[:-4] + b"---\n" + data + f"---\n{POD}".encode())

    assert len(documents) == 2
    assert [(each.line, each.message) for each in unreadable] == [(line + 1, message)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a: b\n".encode("utf-32"), "this is UTF-32: save it as UTF-8"),
        (b"\xff\xfea\x00\n\x00\x00\xd8a\x00", "this begins as UTF-16, but is none here: save it as UTF-8"),
        (b"\xff\xfea\x00\n", "this begins as UTF-16, but is none here: save it as UTF-8"),
    ],
)
def test_other_encodings_are_named(read: Read, data: bytes, message: str) -> None:
    _, unreadable = read(data)

    assert unreadable[-1].message == message
