"""Every part of an object knows the line where it is written."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.manifests.reading_files import Read, reader_in
from tests.strategies.json_values import json_values, places
from webhook.manifests.json_places import place_of
from webhook.manifests.places import line_in

HEAD = "apiVersion: v1\nkind: Pod\n"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return reader_in(tmp_path)


TEXT = """\
metadata:
  name: a
spec:
  containers:
  - name: b

    # c
    image: d
    args: [e,
      f]
    securityContext:
      runAsUser: 1
  -
    name: g
  - {name: h,
     image: i}
  hostNetwork: true
"""
LINES: list[tuple[tuple[str | int, ...], int]] = [
    ((), 1),
    (("metadata",), 3),
    (("metadata", "labels"), 3),
    (("metadata", "name"), 4),
    (("metadata", "name", "x", 0), 4),
    (("spec", "containers"), 6),
    (("spec", "containers", 0), 7),
    (("spec", "containers", 0, "name"), 7),
    (("spec", "containers", 0, "image"), 10),
    (("spec", "containers", 0, "args", 0), 11),
    (("spec", "containers", 0, "args", 1), 12),
    (("spec", "containers", 0, "ports", 0, "hostPort"), 7),
    (("spec", "containers", 0, "securityContext", "runAsUser"), 14),
    (("spec", "containers", 0, "securityContext", "privileged"), 13),
    (("spec", "containers", 1), 16),
    (("spec", "containers", 2, "name"), 17),
    (("spec", "containers", 2, "image"), 18),
    (("spec", "containers", 3), 6),
    (("spec", "hostNetwork"), 19),
    (("status",), 1),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("path", "line"), LINES)
def test_the_line_is_that_of_the_key_or_of_what_is_around_it(
    read: Read, path: tuple[str | int, ...], line: int, end: str
) -> None:
    documents, _ = read((f"{HEAD}{TEXT}---\n# c\n{HEAD}{TEXT}").replace("\n", end))

    assert documents[0].line_of(path) == line
    assert documents[1].line_of(path) == line + 21


def test_aliases_and_merged_keys_are_where_they_are_written(read: Read) -> None:
    (document,), _ = read(
        HEAD + "x: &x\n  a: 1\n  b:\n    c: 2\n  d: &l\n  - e\n  - {f: 1}\n"
        "spec:\n  <<: *x\n  a: 3\nl:\n- g\n- *x\n"
        "m: *l\no:\n  <<: [*x, {a: 1,\n    z: 2}]\n"
    )

    assert document.line_of(("spec", "a")) == 12
    assert document.line_of(("spec", "b", "c")) == 6
    assert document.line_of(("l", 1)) == 15
    assert document.line_of(("l", 1, "b", "c")) == 6
    assert document.line_of(("m",)) == 16
    assert document.line_of(("m", 1, "f")) == 9
    assert document.line_of(("o", "z")) == 19
    assert document.line_of(("o", "a")) == 4


def test_what_yaml_calls_a_line_break_and_editors_do_not_is_not_counted(read: Read) -> None:
    (document,), unreadable = read(HEAD + "a: 'x\u2028y\x85z'\nb: c\rd: e\nf: g\n")

    assert unreadable == []
    assert [document.line_of((key,)) for key in "abdf"] == [3, 4, 4, 5]


def test_json_knows_its_lines(read: Read) -> None:
    documents, unreadable = read(
        '\n{"apiVersion": "v1", "kind": "Pod",\n "spec":\n {"containers": [\n'
        '{"name": "a \\" { b"}, \n {"name":\n"b"}]}}\n'
        '{"apiVersion": "v1",\n"kind": "Pod"}'
    )

    assert unreadable == []
    assert [each.line for each in documents] == [2, 8]
    assert documents[0].line_of(("spec",)) == 3
    assert documents[0].line_of(("spec", "containers", 0, "name")) == 5
    assert documents[0].line_of(("spec", "containers", 1, "name")) == 6
    assert documents[1].line_of(("kind",)) == 9


@settings(max_examples=100)
@given(json_values(), st.sampled_from((None, 1)))
def test_json_is_walked_through_whole(
    value: Any,  # noqa: ANN401 - any JSON
    indent: int | None,
) -> None:
    text = json.dumps(value, indent=indent)
    found = place_of(text)

    for path in places(value):
        assert found.inside is None or line_in(found, path) <= text.count("\n") + 1
        here = found
        for step in path:
            assert here.inside is not None
            here = here.inside[step]
