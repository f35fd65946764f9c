"""JSON is read as Go reads it."""

from pathlib import Path

import pytest

from tests.manifests.reading_files import Read, reader_in

HEAD = '"apiVersion": "v1", "kind": "Pod"'


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return reader_in(tmp_path)


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("1e3", 1000),
        ("1.0", 1),
        ("-0.0", 0),
        ("1.5", 1.5),
        ("1e21", 1e21),
        ("18446744073709551616", 18446744073709551616),
        (r'"\ud83d\ude00"', "😀"),
        (r'"\ud83d"', "\ufffd"),
        (r'"\ude00\ud83d\\ud83d"', "\ufffd\ufffd\\ud83d"),
        (r'"\/"', "/"),
        ('"\x7f"', "\x7f"),
        ("[true, false, null]", [True, False, None]),
    ],
)
def test_values_are_what_kubernetes_makes_of_them(read: Read, written: str, means: object) -> None:
    (document,), unreadable = read(f'{{{HEAD}, "x": {written}}}')

    assert unreadable == []
    assert document.object["x"] == means
    assert type(document.object["x"]) is type(means)


@pytest.mark.parametrize("between", ["", "\n", " \r\n\t", "\n---\n"])
def test_values_may_follow_one_another(read: Read, between: str) -> None:
    documents, unreadable = read(between.join([f"{{{HEAD}}}"] * 3))

    assert unreadable == []
    assert [each.document for each in documents] == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "{apiVersion: v1, kind: Pod}",
        f"{{{HEAD},}}",
        f"{{{HEAD}}} # a comment",
        f"{{{HEAD}, 'x': NaN}}",
        '{\n# a comment\n"apiVersion": v1,\n"kind": Pod}',
    ],
)
def test_what_begins_as_json_may_be_yaml(read: Read, text: str) -> None:
    documents, unreadable = read(text)

    assert unreadable == []
    assert len(documents) == 1


@pytest.mark.parametrize(
    ("text", "count", "line"),
    [
        (f"{{{HEAD}}}\n}}", 1, 2),
        (f"{{{HEAD}}}\n{{{HEAD}}}\n\nx", 2, 4),
        (f'{{{HEAD},\n"x": 1e400}}', 0, 1),
        (f'{{{HEAD},\n"x": [1,\n', 0, 3),
        (f'{{{HEAD},\n"x": "a\n', 0, 2),
        (f'{{{HEAD},\n"x": {"1" * 5000}}}', 0, 1),
    ],
)
def test_what_is_broken_has_its_line(read: Read, text: str, count: int, line: int) -> None:
    documents, unreadable = read(text)

    assert len(documents) == count
    assert [each.line for each in unreadable] == [line]
