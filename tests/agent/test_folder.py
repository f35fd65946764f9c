"""What of a folder is told: every path that a pod could name, and nothing that is outside."""

import os
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.permissions import permissions_hold
from webhook.agent.folder import Folder, FolderGone, Found
from webhook.agent.limits import Limits
from webhook.agent.walk import OWN
from webhook.nodes.report import SeccompFile

PROFILE = b'{"defaultAction": "SCMP_ACT_ERRNO"}'
DIGEST = f"sha256:{sha256(PROFILE).hexdigest()}"
GOOD = ("stricter", "")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "seccomp"
    folder.mkdir()
    return folder


def found(
    root: Path, limits: Limits | None = None, judge: Callable[[bytes], tuple[str, str]] | None = None
) -> Found:
    return Folder(root, judge or (lambda _: GOOD), limits or Limits()).found()


def told(root: Path, limits: Limits | None = None) -> dict[str, SeccompFile]:
    return {file.path: file for file in found(root, limits).files}


def error_of(root: Path, path: str) -> str:
    file = told(root)[path]
    assert file.digest == ""
    return file.error


def test_a_profile_is_told_with_its_digest_size_and_class(root: Path) -> None:
    (root / "sub").mkdir()
    (root / "sub" / "a.json").write_bytes(PROFILE)

    assert found(root).files == (SeccompFile("sub/a.json", DIGEST, len(PROFILE), "stricter"),)


def test_what_is_wrong_with_a_profile_is_told_beside_its_digest(root: Path) -> None:
    (root / "a.json").write_bytes(b"{")

    (file,) = found(root, judge=lambda text: ("unjudged", f"{len(text)} byte is too little")).files
    assert (file.error, file.digest != "") == ("1 byte is too little", True)


def test_paths_come_in_the_same_order_whatever_the_file_system_says(root: Path) -> None:
    for name in ("b", "a", "c"):
        (root / name).write_bytes(PROFILE)

    assert [file.path for file in found(root).files] == ["a", "b", "c"]


def test_no_folder_is_no_profile(root: Path) -> None:
    assert found(root / "absent") == Found((), exists=False)


@pytest.mark.parametrize("target", ["a.json", "./a.json", "sub/../a.json", "{root}/a.json", "chain"])
def test_a_link_within_the_folder_is_the_file(root: Path, target: str) -> None:
    (root / "a.json").write_bytes(PROFILE)
    (root / "sub").mkdir()
    (root / "chain").symlink_to("a.json")
    (root / "link").symlink_to(target.format(root=root))

    assert told(root)["link"].digest == DIGEST


def test_a_link_is_relative_to_where_it_really_is(root: Path) -> None:
    (root / "deep" / "er").mkdir(parents=True)
    (root / "deep" / "a.json").write_bytes(PROFILE)
    (root / "deep" / "er" / "link").symlink_to("../a.json")
    (root / "short").symlink_to("deep/er")

    assert told(root)["short/link"].digest == DIGEST


@pytest.mark.parametrize(
    "target", ["/etc/hostname", "../outside", "sub/../../outside", "{root}/../outside", "{root}-not"]
)
def test_a_link_that_leads_out_is_not_followed(root: Path, target: str) -> None:
    (root / "sub").mkdir()
    for name in ("outside", "seccomp-not"):
        (root.parent / name).write_bytes(PROFILE)
    (root / "link").symlink_to(target.format(root=root))

    assert error_of(root, "link") == "a link that leads out of the folder: not followed"


def test_a_folder_that_a_link_leads_out_to_is_not_entered(root: Path) -> None:
    (root.parent / "secrets").mkdir()
    (root.parent / "secrets" / "token").write_bytes(b"secret")
    (root / "link").symlink_to("../secrets")

    assert [*told(root)] == ["link"]


def test_links_to_nothing_and_round_in_circles_are_told(root: Path) -> None:
    (root / "nothing").symlink_to("absent")
    (root / "circle").symlink_to("circle")

    assert error_of(root, "nothing") == "a link to nothing"
    assert error_of(root, "circle") == "it cannot be read: Too many levels of symbolic links"


def test_a_link_to_a_folder_above_is_not_walked_for_ever(root: Path) -> None:
    (root / "sub").mkdir()
    (root / "sub" / "a.json").write_bytes(PROFILE)
    (root / "sub" / "up").symlink_to("..")

    assert {*told(root)} == {"sub/a.json"}


def test_a_fifo_and_a_socket_are_not_opened(root: Path) -> None:
    os.mkfifo(root / "fifo")

    assert error_of(root, "fifo") == "a FIFO, not a file: not opened"


def test_a_file_of_a_gigabyte_is_not_read(root: Path) -> None:
    with (root / "big.json").open("wb") as file:
        file.truncate(1 << 30)

    assert error_of(root, "big.json") == "larger than 1048576 bytes: not read"
    assert told(root)["big.json"].size == 1 << 30


def test_what_may_not_be_read_is_told(root: Path) -> None:
    (root / "secret.json").write_bytes(PROFILE)
    (root / "secret.json").chmod(0)
    (root / "closed").mkdir(mode=0)
    with permissions_hold():
        files = told(root)
        left_out = found(root).left_out

    assert files["secret.json"].error == "it cannot be read: Permission denied"
    assert files["closed"].error == "the folder cannot be read: Permission denied"
    # Pods may name what is in it, so nobody may take it for missing.
    assert left_out == 1


def test_ten_thousand_files_are_bounded_and_what_is_left_out_is_counted(root: Path) -> None:
    for number in range(10_000):
        (root / f"{number:05}.json").write_bytes(PROFILE)
    told_of = found(root)

    assert len(told_of.files) == Limits().files
    assert told_of.left_out == 10_000 - Limits().files
    assert told_of.files[0].path == "00000.json"


def test_long_paths_are_bounded_by_their_text(root: Path) -> None:
    for number in range(20):
        (root / f"{number:0200}").write_bytes(PROFILE)

    assert len(found(root, Limits(text=1000)).files) == 5
    assert found(root, Limits(text=1000)).left_out == 15


@pytest.mark.parametrize("letter", ["\x01", "<", "\u4e00"])
def test_paths_count_as_long_as_they_are_in_json(root: Path, letter: str) -> None:
    for number in range(20):
        (root / f"{number:02}{letter * 80}").write_bytes(PROFILE)

    assert len(found(root, Limits(text=1200)).files) == 3
    assert found(root, Limits(text=1200)).left_out == 17


def test_more_entries_than_there_is_patience_for_are_left_out(root: Path) -> None:
    for number in range(50):
        (root / f"{number}").mkdir()
        (root / f"{number}" / "a.json").write_bytes(PROFILE)

    told_of = found(root, Limits(entries=60))
    assert len(told_of.files) <= 11
    assert told_of.left_out > 0


def test_what_is_too_deep_is_left_out(root: Path) -> None:
    deep = root.joinpath(*"abcd")
    deep.mkdir(parents=True)
    (deep / "deep.json").write_bytes(PROFILE)

    assert found(root, Limits(depth=4)) == Found((SeccompFile("a/b/c/d/deep.json", DIGEST, 35, "stricter"),))
    assert found(root, Limits(depth=3)) == Found((), left_out=1)


def test_what_no_pod_can_name_is_not_told(root: Path) -> None:
    (root / os.fsdecode(b"\xff.json")).write_bytes(PROFILE)
    (root / f"{OWN}draft").write_bytes(PROFILE)

    assert found(root) == Found(())


def test_what_has_not_changed_is_not_judged_again(root: Path) -> None:
    judged: list[bytes] = []

    def judge(text: bytes) -> tuple[str, str]:
        judged.append(text)
        return GOOD

    folder = Folder(root, judge)
    (root / "a.json").write_bytes(PROFILE)
    (root / "same.json").write_bytes(PROFILE)
    folder.found()
    folder.forget()
    folder.found()
    assert judged == [PROFILE]
    (root / "a.json").write_bytes(b"{}")

    assert {file.size for file in folder.found().files} == {2, len(PROFILE)}
    assert judged == [PROFILE, b"{}"]


def test_a_change_within_one_tick_of_the_clock_is_seen(root: Path) -> None:
    folder = Folder(root, lambda _: GOOD)
    file = root / "a.json"
    seen = set()
    for number in range(300):
        file.write_bytes(b"%03d" % number)
        seen.add(folder.found().files[0].digest)

    assert len(seen) == 300


def test_a_file_that_changes_whenever_it_is_read_is_told_to_do_so(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = root / "a.json"
    file.write_bytes(PROFILE)
    read = os.pread

    def read_while_somebody_writes(descriptor: int, size: int, place: int) -> bytes:
        if place == 0:
            with file.open("ab") as opened:
                opened.write(b" ")
        return read(descriptor, size, place)

    monkeypatch.setattr(os, "pread", read_while_somebody_writes)
    assert error_of(root, "a.json") == "it changes while it is read"


def test_what_was_read_while_somebody_wrote_is_not_remembered(root: Path) -> None:
    file = root / "a.json"
    file.write_bytes(b"a" * 300_000)
    folder = Folder(root, lambda _: GOOD)
    over = threading.Event()

    def write() -> None:
        with file.open("r+b") as opened:
            while not over.is_set():
                for letter in b"ab":
                    os.pwrite(opened.fileno(), bytes([letter]) * 300_000, 0)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(50):
            folder.found()
    finally:
        over.set()
        writer.join()

    (told_last,) = folder.found().files
    assert told_last.digest == f"sha256:{sha256(b'b' * 300_000).hexdigest()}"


def test_files_that_come_and_go_meanwhile_stop_nothing(root: Path) -> None:
    over = threading.Event()
    (root / "stays.json").write_bytes(PROFILE)

    def churn() -> None:
        while not over.is_set():
            (root / "sub").mkdir()
            (root / "sub" / "a.json").write_bytes(PROFILE)
            (root / "link").symlink_to("sub/a.json")
            (root / "sub" / "a.json").unlink()
            (root / "link").unlink()
            (root / "sub").rmdir()

    writer = threading.Thread(target=churn)
    writer.start()
    try:
        for _ in range(200):
            assert told(root)["stays.json"].digest == DIGEST
    finally:
        over.set()
        writer.join()


def test_a_folder_that_was_deleted_under_a_mount_is_told_apart_from_an_empty_one(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = os.open(root, os.O_RDONLY)
    root.rmdir()
    try:
        monkeypatch.setattr(os, "open", lambda *_, **__: os.dup(held))
        with pytest.raises(FolderGone, match="was deleted on the node"):
            found(root)
    finally:
        os.close(held)


def test_no_descriptor_is_left_open(root: Path) -> None:
    (root / "sub").mkdir()
    (root / "sub" / "a.json").write_bytes(PROFILE)
    os.mkfifo(root / "sub" / "fifo")
    for name, target in (("in", "sub/a.json"), ("out", "/etc"), ("nothing", "absent"), ("circle", "circle")):
        (root / name).symlink_to(target)
    found(root)
    before = len([*Path("/proc/self/fd").iterdir()])
    for _ in range(10):
        found(root)

    assert len([*Path("/proc/self/fd").iterdir()]) == before
