import os
import stat
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from certs import stores
from certs.places import Refused

NAMES = ("a", "b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "kept"


def save(folder: Path, **files: bytes) -> None:
    with stores.locked(folder):
        stores.save(folder, files)


def modes(folder: Path) -> set[int]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {stat.S_IMODE(path.stat().st_mode) for path in files}


def test_what_is_saved_is_loaded_and_open_to_nobody_else(folder: Path) -> None:
    before = os.umask(0)
    try:
        save(folder, a=b"1", b=b"2")
    finally:
        os.umask(before)

    assert stores.load(folder, NAMES) == {"a": b"1", "b": b"2"}
    assert (folder / "a").read_bytes() == b"1"
    assert modes(folder) == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_an_empty_folder_holds_nothing(folder: Path) -> None:
    folder.mkdir(parents=True)

    assert stores.load(folder, NAMES) == {}


def test_older_generations_leave_nothing_behind(folder: Path) -> None:
    for number in range(5):
        save(folder, a=b"%d" % number, b=b"%d" % number)

    assert stores.load(folder, NAMES) == {"a": b"4", "b": b"4"}
    assert {path.name for path in folder.iterdir()} == {
        "..data",
        (folder / "..data").readlink().name,
        "a",
        "b",
    }


class Crash(BaseException):
    """The process ends here."""


STEPS = ((os, "open"), (os, "fsync"), (Path, "symlink_to"), (Path, "replace"))


@pytest.mark.parametrize("after", range(1, 12))
def test_a_crash_at_any_step_leaves_one_generation_whole(
    folder: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(folder, a=b"old", b=b"old")
    left = iter(range(after))

    def crashing(step: Callable[..., Any]) -> Callable[..., Any]:
        def until_then(*given: object) -> object:
            if next(left, None) is None:
                raise Crash
            return step(*given)

        return until_then

    with monkeypatch.context() as patched:
        for owner, name in STEPS:
            patched.setattr(owner, name, crashing(getattr(owner, name)))
        with suppress(Crash):
            save(folder, a=b"new", b=b"new")

    found = stores.load(folder, NAMES)

    assert found in ({"a": b"old", "b": b"old"}, {"a": b"new", "b": b"new"})
    assert (folder / "a").read_bytes() == found["a"]
    save(folder, a=b"later", b=b"later")
    assert stores.load(folder, NAMES) == {"a": b"later", "b": b"later"}
    assert len(list(folder.glob("..generation-*"))) == 1


def test_a_folder_that_others_may_write_into_is_refused(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o770)

    with pytest.raises(Refused, match="run: chmod go-w"), stores.locked(folder):
        pass


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_may_open_is_refused(folder: Path, mode: int) -> None:
    save(folder, a=b"1")
    (folder / "a").chmod(mode)

    with pytest.raises(Refused, match="run: chmod 600"):
        stores.load(folder, NAMES)


def test_a_folder_of_another_user_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir(mode=0o755, parents=True)
    if os.geteuid() == 0:
        os.chown(folder, 65534, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)

    with pytest.raises(Refused, match="another user's"), stores.locked(folder):
        pass


def test_a_file_of_somebody_else_is_never_replaced(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "a").write_bytes(b"mine")

    with pytest.raises(Refused, match="was not made here"):
        stores.load(folder, NAMES)


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Refused, match="File exists"), stores.locked(tmp_path / "file"):
        pass


def count(folder: Path) -> None:
    for _ in range(50):
        with stores.locked(folder):
            number = int(stores.load(folder, ("n",)).get("n", b"0"))
            stores.save(folder, {"n": b"%d" % (number + 1)})


def test_two_processes_do_not_lose_each_others_changes(folder: Path) -> None:
    others = [get_context("fork").Process(target=count, args=(folder,)) for _ in range(2)]
    for other in others:
        other.start()
    for other in others:
        other.join()

    assert stores.load(folder, ("n",)) == {"n": b"100"}
