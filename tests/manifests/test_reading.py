"""What is read out of a text, and what it counts as."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml

from tests.manifests.reading_files import Read, reader_in
from webhook.manifests import Document, reading
from webhook.manifests.readers import values

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\n"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return reader_in(tmp_path)


def pod(name: str) -> str:
    return POD.replace("NAME", name)


def names(documents: Sequence[Document]) -> list[str]:
    return [each.object["metadata"]["name"] for each in documents]


@pytest.mark.parametrize(
    ("text", "numbers", "lines"),
    [
        ("{a}", [1], [1]),
        ("{a}---\n{b}", [1, 2], [1, 5]),
        ("---\n{a}---\n{b}", [1, 2], [2, 6]),
        ("# about\n\n---\n{a}", [1], [4]),
        ("---\n# nothing\n---\n{a}", [2], [4]),
        ("---\n---\n{a}", [2], [3]),
        ("{a}---\n{b}---\n", [1, 2], [1, 5]),
        ("{a}---", [1], [1]),
        ("{a}--- # second\n{b}", [1, 2], [1, 5]),
        ("--- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\n{b}", [1, 2], [1, 3]),
        ("{a}...\n---\n{b}", [1, 2], [1, 6]),
        ("%YAML 1.1\n---\n{a}", [1], [3]),
        ("# c\n%YAML 1.1\n# d\n--- # e\n{a}...\n%YAML 1.1\n---\n{b}", [1, 2], [5, 11]),
        ("{a}data: |\n  x\n---\n{b}", [1, 2], [1, 7]),
        ("{a}data: |\n  x\n  ---\n  y\n", [1], [1]),
        ("{a}data: |\n  x\n   --- \n...\n---\n{b}", [1, 2], [1, 9]),
        ("\n\n  # c\n{a}", [1], [4]),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_documents_are_counted_and_know_their_lines(
    read: Read, text: str, numbers: list[int], lines: list[int], end: str
) -> None:
    text = text.replace("{a}", pod("a")).replace("{b}", pod("b")).replace("\n", end)

    documents, unreadable = read(text)

    assert unreadable == []
    assert [each.document for each in documents] == numbers
    assert [each.line for each in documents] == lines
    assert names(documents) == ["a", "b"][: len(numbers)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_tells_the_encoding(read: Read, encoding: str) -> None:
    text = pod("né") + "---\n" + pod("😀")
    mark = "\ufeff" if encoding.startswith("utf-16") else ""

    documents, unreadable = read((mark + text).encode(encoding))

    assert unreadable == []
    assert names(documents) == ["né", "😀"]
    assert [each.line for each in documents] == [1, 5]


def test_what_is_broken_hides_nothing_else(read: Read) -> None:
    documents, unreadable = read(f"{pod('a')}---\nkind: [\n---\n{pod('b')}---\na: 'b\n---\n{pod('c')}")

    assert names(documents) == ["a", "b", "c"]
    assert [each.document for each in documents] == [1, 3, 5]
    assert [each.line for each in unreadable] == [5, 11]


def test_a_bug_of_ours_hides_nothing_else(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str, first_line: int) -> Iterator[object]:
        if "boom" in text:
            raise RuntimeError("boom")
        return values(text, first_line)

    monkeypatch.setattr(reading, "values", fail)
    documents, unreadable = read(f"{pod('a')}---\nboom: 1\n---\n{pod('b')}")

    assert names(documents) == ["a", "b"]
    assert unreadable[0].message == "internal error, please report it: RuntimeError: boom"


LISTS = yaml.safe_load((Path(__file__).parent / "reading" / "lists.yaml").read_text())


@pytest.mark.parametrize("style", LISTS)
def test_the_items_of_a_list_are_objects_of_their_own(read: Read, style: str) -> None:
    text = LISTS[style]
    documents, unreadable = read("---\n---\n" + text)

    assert unreadable == []
    assert names(documents) == ["a", "b"]
    assert [(each.object["apiVersion"], each.object["kind"]) for each in documents] == [("v1", "Pod")] * 2
    assert [each.document for each in documents] == [2, 2]
    written = ("---\n---\n" + text).split("\n")
    for each in documents:
        assert each.line == each.line_of(())
        assert each.object["metadata"]["name"] in written[each.line_of(("metadata", "name")) - 1]
        assert written[each.line - 1].strip() not in {"", "# c"}


@pytest.mark.parametrize("items", ["items: []\n", "items:\n", ""])
def test_an_empty_list_holds_nothing(read: Read, items: str) -> None:
    assert read(f"apiVersion: v1\nkind: List\n{items}") == ([], [])


def test_a_kind_that_is_only_called_a_list_is_an_object(read: Read) -> None:
    (document, _), unreadable = read(
        "apiVersion: x/v1\nkind: AllowList\nspec: {}\nitems: a\n---\napiVersion: x/v1\nkind: AllowList\n"
    )

    assert unreadable == []
    assert document.object["kind"] == "AllowList"


def test_the_field_makes_the_list_and_not_the_kind(read: Read) -> None:
    documents, unreadable = read(
        "apiVersion: v1\nkind: Bundle\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\n"
        "apiVersion: v1\nkind: ConfigMap\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: b}}]\n---\n"
        '{"apiVersion": "v1", "kind": "Bundle", "items": '
        '[{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "c"}}]}'
    )

    assert unreadable == []
    assert names(documents) == ["a", "b", "c"]


def test_a_workload_with_a_field_too_many_is_no_list(read: Read) -> None:
    (document,), unreadable = read("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nitems: []\n")

    assert unreadable == []
    assert document.object["kind"] == "Pod"


@pytest.mark.parametrize("within", ['"metadata": {"items": [%s]}', '"x": [{"items": [%s]}]'])
def test_other_items_than_those_of_the_list_are_none(read: Read, within: str) -> None:
    pod = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s"}}'
    before = within % (pod % "good")
    documents, unreadable = read(
        f'{{"apiVersion": "v1", "kind": "List", {before}, "items": [{pod % "bad"}]}}'
    )

    assert unreadable == []
    assert names(documents) == ["bad"]


def test_items_before_a_broken_one_are_read(read: Read) -> None:
    documents, unreadable = read(
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- a: [\n"
    )

    assert names(documents) == ["a"]
    assert [each.line for each in unreadable] == [5]


def test_objects_are_what_json_would_say(read: Read) -> None:
    (document,), _ = read("apiVersion: v1\nkind: Pod\nspec: {n: y, 1: 0777, yes: 1e3, t: 2001-01-01, o: ~}\n")

    assert document.object["spec"] == {"false": True, "1": 511, "true": 1000, "t": "2001-01-01", "o": None}
