"""Files, folders, pipes and standard input."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.manifests.reading_files import read_apart
from tests.permissions import permissions_hold
from webhook.manifests import chunks, sources

POD = "apiVersion: v1\nkind: Pod\n"


def test_a_folder_is_read_with_all_below_it_in_the_order_of_names(tmp_path: Path) -> None:
    for name in (
        "b.yaml",
        "a/z.yml",
        "a/b/c.json",
        "c.YAML",
        "d.txt",
        ".hidden/e.yaml",
        ".f.yaml",
        "a-b.yaml",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('{"apiVersion": "v1", "kind": "Pod"}')

    documents, unreadable = read_apart(tmp_path)

    assert unreadable == []
    assert [os.path.relpath(each.file, tmp_path) for each in documents] == [
        ".f.yaml", "a/b/c.json", "a/z.yml", "a-b.yaml", "b.yaml", "c.YAML",
    ]  # fmt: skip


def test_a_folder_that_is_named_may_be_hidden(tmp_path: Path) -> None:
    folder = tmp_path / ".github"
    folder.mkdir()
    (folder / "a.yaml").write_text(POD)

    documents, _ = read_apart(folder)

    assert len(documents) == 1


FOREIGN = {
    "values.yaml": "image: x\n",
    "Chart.yaml": "apiVersion: v2\nname: chart\n",
    "kustomization.yaml": "resources: [a.yaml]\n",
    "compose.yaml": "services: {a: {image: b}}\n",
    "list.yaml": "- a\n- b\n",
    "text.yaml": "text\n",
    "empty.yaml": "",
    "tsconfig.json": '{"compilerOptions": {}}',
}


def test_what_is_no_object_is_passed_over_in_a_folder(tmp_path: Path) -> None:
    for name, text in FOREIGN.items():
        (tmp_path / name).write_text(text)

    assert read_apart(tmp_path) == ([], [])


@pytest.mark.parametrize("name", [name for name, text in FOREIGN.items() if text])
def test_what_is_no_object_is_unreadable_where_it_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FOREIGN[name])

    documents, unreadable = read_apart(tmp_path / name)

    assert documents == []
    assert [each.line for each in unreadable] == [1]
    assert "no Kubernetes object" in unreadable[0].message


@pytest.mark.parametrize("text", ["kind: Deployment\nspec: {}\n", "apiVersion: v1\nkind: 5\n", "kind: [a]\n"])
def test_what_means_to_be_an_object_is_not_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text)

    _, unreadable = read_apart(tmp_path)

    assert len(unreadable) == 1


def test_files_that_cannot_be_read_do_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    (tmp_path / "circle.yaml").symlink_to("circle.yaml")
    (tmp_path / "nowhere.yaml").symlink_to("gone")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "z.yaml").write_text(POD)

    documents, unreadable = read_apart(tmp_path / "gone.yaml", tmp_path, "\0", "")

    assert [Path(each.file).name for each in documents] == ["a.yaml", "z.yaml"]
    assert [(Path(each.file).name, each.line) for each in unreadable] == [
        (name, None) for name in ("gone.yaml", "circle.yaml", "nowhere.yaml", "pipe.yaml", "\0", "")
    ]
    assert unreadable[0].message == "cannot read this: there is no such file"
    assert unreadable[1].message == "cannot read this: its symbolic links lead in a circle"


def test_folders_that_link_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.yaml").write_text(POD)
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "b").symlink_to("a")

    documents, unreadable = read_apart(tmp_path)

    assert len(documents) == 1
    assert unreadable == []


def test_what_is_forbidden_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").touch(mode=0o000)
    (tmp_path / "b").mkdir(mode=0o000)

    with permissions_hold():
        _, unreadable = read_apart(tmp_path)

    assert [each.message for each in unreadable] == ["cannot read this: no permission to read it"] * 2


def test_a_file_that_fails_while_it_is_read_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_text(POD)

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(sources, "_read", fail)
    _, unreadable = read_apart(tmp_path / "a.yaml")

    assert [each.message for each in unreadable] == ["cannot read this: input/output error"]


def test_standard_input_is_read_as_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{POD}---\n- a\n".encode())))

    documents, unreadable = read_apart("-")

    assert [(each.file, each.line) for each in documents] == [("-", 1)]
    assert [(each.file, each.line) for each in unreadable] == [("-", 4)]


def test_standard_input_may_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    assert [each.message for each in read_apart("-")[1]] == ["cannot read this: standard input is closed"]


READ = "import sys; from webhook.manifests import read; print([each.line for each in read(sys.argv[1:])])"


def test_a_pipe_that_is_named_is_read() -> None:
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", READ, "/dev/stdin"], input=POD.encode(), capture_output=True, check=True
    )

    assert ran.stdout == b"[1]\n"


def test_what_has_no_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "STREAM_BYTES", 3 << 20)
    monkeypatch.setattr(chunks, "DOCUMENT_BYTES", 1 << 20)

    _, unreadable = read_apart("/dev/zero")

    assert [each.message for each in unreadable] == [
        "more than 3 MiB came, and no end: give it as a file, or in parts"
    ]
