"""The configuration that is in force, while its file changes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.policy.excepting import exceptions_of
from webhook.config import DEFAULTS, Loaded, Settings, changes
from webhook.mutation import NONE, RESTRICTED
from webhook.server.configuration import CannotLoad, Configuration

OTHER = DEFAULTS._replace(mutation=RESTRICTED)


class Told:
    def __init__(self) -> None:
        self.changes: list[str] = []
        self.problems: list[str] = []
        self.ended: list[tuple[set[str], int]] = []

    def changed(self, old: Settings, new: Settings) -> None:
        self.changes.append(changes(old, new))

    def kept(self, problem: str) -> None:
        self.problems.append(problem)

    def expired(self, names: frozenset[str], number: int) -> None:
        self.ended.append((set(names), number))


class Folder:
    """A mounted ConfigMap: ``config.yaml`` leads to ``..data``, which leads to a folder of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path / "config.yaml"
        self.count = 0
        self.put("defaults")
        self.file.symlink_to("..data/config.yaml")

    def put(self, text: str) -> None:
        self.count += 1
        folder = self.path / f"..generation-{self.count}"
        folder.mkdir()
        (folder / "config.yaml").write_text(text)
        draft = self.path / "..data_tmp"
        draft.symlink_to(folder.name)
        draft.replace(self.path / "..data")

    def load(self) -> Loaded:
        text = self.file.read_text()
        if text not in {"defaults", "restricted"}:
            raise CannotLoad(f"{text} is no configuration")
        return Loaded(DEFAULTS if text == "defaults" else OTHER, (str(self.file),))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def started(folder: Folder, told: Told, load: Callable[[], Loaded] | None = None) -> Configuration:
    configuration = Configuration(folder.load(), told, lambda: date(2026, 1, 1), load or folder.load)
    configuration.look()
    return configuration


def test_a_mounted_file_that_is_swapped_is_taken_over(folder: Folder) -> None:
    """The plugin's exemptions cannot be changed at run time (kubernetes#116004, k3s-io/k3s#8004)."""
    told = Told()
    configuration = started(folder, told)
    assert (told.changes, told.problems) == ([], [])

    folder.put("restricted")
    configuration.look()

    assert configuration.settings is OTHER
    assert told.changes == ["mutation: allowPrivilegeEscalation on, capabilities on, runAsNonRoot on"]


def test_a_file_that_is_written_anew_is_taken_over(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.file.unlink()
    folder.file.write_text("defaults")
    configuration = started(folder, told := Told())

    folder.file.write_text("restricted")
    configuration.look()

    assert configuration.settings is OTHER
    assert len(told.changes) == 1


def test_a_file_that_has_not_changed_is_not_read_again(folder: Folder) -> None:
    reads = []

    def load() -> Loaded:
        reads.append(1)
        return folder.load()

    configuration = started(folder, Told(), load)
    for _ in range(3):
        configuration.look()

    assert len(reads) == 1


def test_the_last_good_one_stays_and_a_problem_is_told_once(folder: Folder) -> None:
    told = Told()
    configuration = started(folder, told)
    folder.put("restricted")
    configuration.look()
    for text in ("nonsense", "rubbish"):
        folder.put(text)
        for _ in range(3):
            configuration.look()

    assert configuration.settings is OTHER
    assert told.problems == ["nonsense is no configuration", "rubbish is no configuration"]


@pytest.mark.parametrize("back", ["restricted", "defaults"])
def test_what_is_good_again_is_told(folder: Folder, back: str) -> None:
    told = Told()
    configuration = started(folder, told)
    generation = (folder.path / "..data").readlink()
    folder.put("nonsense")
    configuration.look()
    if back == "defaults":  # the very files that were good before
        (folder.path / "..data").unlink()
        (folder.path / "..data").symlink_to(generation)
    else:
        folder.put(back)
    configuration.look()

    assert len(told.changes) == 1
    assert configuration.settings == (DEFAULTS if back == "defaults" else OTHER)


def test_a_file_that_is_gone_changes_nothing(folder: Folder) -> None:
    told = Told()
    configuration = started(folder, told)
    (folder.path / "..data").unlink()
    configuration.look()

    assert configuration.settings is DEFAULTS
    assert told.problems == [f"{folder.file}: No such file or directory"]


def test_a_defect_of_ours_changes_nothing(folder: Folder) -> None:
    def load() -> Loaded:
        raise ZeroDivisionError

    told = Told()
    configuration = started(folder, told, load)

    assert configuration.settings is DEFAULTS
    assert told.problems == ["internal error: ZeroDivisionError()"]


def test_an_exception_that_ends_is_told_on_the_day_after_its_last() -> None:
    today = date(2026, 12, 31)
    told = Told()
    settings = DEFAULTS._replace(
        exceptions=exceptions_of({"name": "a"}, {"name": "b", "expires": "2027-01-01"}, {"name": "c"})
    )
    configuration = Configuration(Loaded(settings), told, lambda: today)
    for today in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 1), date(2027, 1, 2)):  # noqa: B007 - read by the lambda
        configuration.look()

    assert told.ended == [({"a", "c"}, 2), ({"b"}, 3)]


def test_changes_are_told_by_name() -> None:
    old = DEFAULTS._replace(exceptions=exceptions_of({"name": "a"}, {"name": "b"}), mutation=NONE)
    new = DEFAULTS._replace(exceptions=exceptions_of({"name": "b", "reason": "another"}, {"name": "c"}))

    assert changes(old, new) == "mutation: seccompProfile on; exceptions: a removed, b changed, c added"
    assert changes(old, old) == "nothing that counts"
