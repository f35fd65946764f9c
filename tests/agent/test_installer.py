"""Profiles are put on a node whole, and only those that we put there are ever changed or taken away."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from webhook.agent.installer import Asks, Installer
from webhook.agent.judged import wrong_with
from webhook.agent.place import DRAFT
from webhook.agent.record import NAME
from webhook.agent.told import Told
from webhook.cluster.failure import Failure
from webhook.seccomp.target import Target

ONE = b'{"defaultAction": "SCMP_ACT_ERRNO"}'
TWO = b'{"defaultAction": "SCMP_ACT_LOG"}'


class Node:
    """A folder of profiles, a source of them, and pods that use some."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "seccomp"
        self.source = folder / "source"
        self.source.mkdir()
        self.used: frozenset[str] | None = frozenset()
        self.lines: list[str] = []

    def want(self, path: str, content: bytes | None) -> None:
        """Have *content* in the source, or nothing."""
        file = self.source / path
        if content is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def turn(self, *sources: Path) -> None:
        """One turn of an installer that has just been started."""
        asks = Asks(lambda content: wrong_with(content, Target()), self._in_use)
        told = Told(lambda _, words: self.lines.append(words))
        Installer(self.root, sources or (self.source,), asks, told).turn()

    def _in_use(self) -> frozenset[str]:
        if self.used is None:
            raise Failure("list pods: the API server is away")
        return self.used

    def files(self) -> dict[str, bytes]:
        """What pods can name."""
        found = [
            each for each in self.root.rglob("*") if each.is_file() and not each.name.startswith(".seccomp")
        ]
        return {str(each.relative_to(self.root)): each.read_bytes() for each in found}


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path)


def test_a_profile_is_put_where_pods_name_it(node: Node) -> None:
    node.want("profiles/a.json", ONE)
    node.turn()

    assert node.files() == {"profiles/a.json": ONE}
    assert [line for line in node.lines if "installed profiles/a.json, sha256:" in line]


def test_whoever_runs_containers_may_read_it_whatever_is_masked(node: Node) -> None:
    node.want("profiles/a.json", ONE)
    before = os.umask(0o077)
    try:
        node.turn()
    finally:
        os.umask(before)

    assert (node.root / "profiles" / "a.json").stat().st_mode & 0o777 == 0o644
    assert (node.root / "profiles").stat().st_mode & 0o777 == 0o755


def test_files_of_a_mounted_config_map_are_put_there_once(node: Node) -> None:
    generation = node.source / "..2026_11_22"
    (generation / "profiles").mkdir(parents=True)
    (generation / "profiles" / "a.json").write_bytes(ONE)
    (node.source / "..data").symlink_to("..2026_11_22")
    (node.source / "profiles").symlink_to("..data/profiles")
    node.turn()

    assert node.files() == {"profiles/a.json": ONE}


def test_a_new_version_takes_the_place_of_ours(node: Node) -> None:
    node.want("a.json", ONE)
    node.turn()
    node.want("a.json", TWO)
    node.turn()

    assert node.files() == {"a.json": TWO}


def test_a_second_turn_writes_nothing(node: Node) -> None:
    node.want("a.json", ONE)
    node.turn()
    before = {each: each.stat() for each in node.root.rglob("*")}
    node.turn()

    assert {each: each.stat() for each in node.root.rglob("*")} == before


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b"", b'{"defaultAction": 1}'])
def test_what_does_not_load_is_not_installed_and_what_is_there_stays(node: Node, content: bytes) -> None:
    node.want("a.json", ONE)
    node.turn()
    node.want("a.json", content)
    node.want("b.json", content)
    node.turn()

    assert node.files() == {"a.json": ONE}
    assert [line for line in node.lines if "b.json is not installed: it does not load" in line]


def test_a_file_that_somebody_else_put_there_is_left_alone(node: Node) -> None:
    node.root.mkdir()
    (node.root / "a.json").write_bytes(TWO)
    node.want("a.json", ONE)
    node.turn()
    node.want("a.json", None)
    node.turn()

    assert node.files() == {"a.json": TWO}
    assert [line for line in node.lines if "a.json is not installed: another file is there" in line]


def test_a_file_of_somebody_else_that_is_what_we_want_is_not_taken_away(node: Node) -> None:
    node.root.mkdir()
    (node.root / "a.json").write_bytes(ONE)
    node.want("a.json", ONE)
    node.turn()
    node.want("a.json", None)
    node.turn()

    assert node.files() == {"a.json": ONE}


def test_a_file_of_ours_that_somebody_changed_is_left_alone(node: Node) -> None:
    node.want("a.json", ONE)
    node.want("b.json", ONE)
    node.turn()
    for name in ("a.json", "b.json"):
        (node.root / name).write_bytes(b'{"defaultAction": "SCMP_ACT_ALLOW"}')
    node.want("a.json", TWO)
    node.want("b.json", None)
    node.turn()

    assert {*node.files().values()} == {b'{"defaultAction": "SCMP_ACT_ALLOW"}'}
    assert "b.json was changed by somebody else: left alone from now on" in node.lines


def test_what_is_wanted_no_longer_is_taken_away(node: Node) -> None:
    node.want("a.json", ONE)
    node.want("b.json", ONE)
    node.turn()
    node.want("a.json", None)
    node.turn()

    assert node.files() == {"b.json": ONE}


def linked(node: Node) -> frozenset[str]:
    (node.root / "current").symlink_to("sub")
    return frozenset({"current/a.json"})


@pytest.mark.parametrize(
    "used",
    [
        lambda _: frozenset({"sub/a.json"}),
        lambda _: frozenset({"./sub//a.json"}),
        linked,
        lambda _: None,
    ],
    ids=["by its name", "by another spelling", "through a link", "nobody knows"],
)
def test_what_a_pod_uses_stays_and_so_does_all_where_nobody_knows(
    node: Node, used: Callable[[Node], frozenset[str] | None]
) -> None:
    node.want("sub/a.json", ONE)
    node.turn()
    node.used = used(node)
    node.want("sub/a.json", None)
    node.turn()
    assert "sub/a.json" in node.files()

    node.used = frozenset({"other.json"})
    node.turn()
    assert "sub/a.json" not in node.files()


def test_nothing_is_taken_away_while_a_source_cannot_be_read(node: Node, tmp_path: Path) -> None:
    node.want("a.json", ONE)
    node.turn()
    node.want("a.json", None)
    node.turn(node.source, tmp_path / "absent")
    assert node.files() == {"a.json": ONE}

    (node.source / "broken").symlink_to("nothing")
    node.turn()
    assert node.files() == {"a.json": ONE}


def test_of_two_sources_the_first_counts(node: Node, tmp_path: Path) -> None:
    node.want("a.json", ONE)
    second = tmp_path / "second"
    second.mkdir()
    (second / "a.json").write_bytes(TWO)
    (second / "b.json").write_bytes(TWO)
    node.turn(node.source, second)

    assert node.files() == {"a.json": ONE, "b.json": TWO}


def test_nothing_is_written_through_a_link(node: Node, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    node.root.mkdir()
    (node.root / "sub").symlink_to("../elsewhere")
    (node.root / "a.json").symlink_to("../elsewhere/a.json")
    node.want("sub/a.json", ONE)
    node.want("a.json", ONE)
    node.turn()

    assert [*(tmp_path / "elsewhere").iterdir()] == []
    assert "sub/a.json is not installed: sub is a link or a file, and should be a folder" in node.lines
    assert "a.json is not installed: a.json is there, and is no file" in node.lines


def test_a_record_that_is_lost_makes_every_file_somebody_else_s(node: Node) -> None:
    node.want("a.json", ONE)
    node.want("b.json", ONE)
    node.turn()
    (node.root / NAME).write_bytes(b"{")
    node.want("a.json", TWO)
    node.want("b.json", None)
    node.turn()

    assert node.files() == {"a.json": ONE, "b.json": ONE}


def test_drafts_of_an_agent_that_was_ended_are_taken_away(node: Node) -> None:
    node.want("sub/a.json", ONE)
    node.turn()
    for folder in (node.root, node.root / "sub"):
        (folder / f"{DRAFT}0123").write_bytes(b"half")
    node.turn()

    assert [each for each in node.root.rglob("*") if each.name.startswith(DRAFT)] == []


def test_our_own_names_are_not_installed(node: Node) -> None:
    node.want(NAME, ONE)
    node.want(f"{DRAFT}1", ONE)
    node.want("a.json", ONE)
    node.turn()

    assert node.files() == {"a.json": ONE}
    assert b"sha256:" in (node.root / NAME).read_bytes()


def test_a_file_that_appears_in_the_last_moment_is_not_written_over(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def link_after_somebody(*given: object, **named: object) -> None:
        (node.root / "a.json").write_bytes(TWO)
        link(*given, **named)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(os, "link", link_after_somebody)
    node.want("a.json", ONE)
    node.turn()

    assert node.files() == {"a.json": TWO}
    assert [each for each in node.root.iterdir() if each.name.startswith(DRAFT)] == []


def test_who_uses_what_stays_is_asked_now_and_then(node: Node) -> None:
    asked: list[float] = []
    now = 0.0

    def in_use() -> frozenset[str]:
        asked.append(now)
        return frozenset({"a.json"})

    asks = Asks(lambda _: "", in_use, 600, lambda: now)
    installer = Installer(node.root, [node.source], asks, Told(lambda *_: None))
    node.want("a.json", ONE)
    node.want("b.json", ONE)
    installer.turn()
    assert asked == []
    node.want("a.json", None)
    for now in (1.0, 60.0, 120.0, 600.0, 601.0):  # noqa: B007 - it is the clock
        installer.turn()
    assert asked == [1, 601]
    node.want("b.json", None)
    now = 610.0
    installer.turn()

    assert asked == [1, 601, 610]
    assert node.files() == {"a.json": ONE}
