"""What the agent publishes, and when."""

import shutil
import time
from pathlib import Path

import pytest

from tests.agent.conftest import NODE, UID, Registry, Start
from webhook.agent import rounds
from webhook.cluster.failure import Failure
from webhook.cluster.node import Published
from webhook.nodes.report import NodeReport

PROFILE = '{"defaultAction": "SCMP_ACT_ERRNO"}'
# Nothing that a test waits for is found by a look at the clock, unless it says so.
OFTEN = 0.2


def test_what_the_node_holds_is_published_with_what_the_cluster_knows_of_it(
    root: Path, registry: Registry, start: Start
) -> None:
    (root / "a.json").write_text(PROFILE)
    start().until(lambda: registry.writes)

    (report,) = registry.writes
    assert report.node == NODE
    assert (report.runtime, report.runtime_version) == ("containerd", "2.1.4")
    assert (report.kernel, report.architecture) == ("6.12.7", "amd64")
    assert registry.object == Published(report, (UID,))


def test_a_new_file_and_a_new_folder_are_seen_at_once(root: Path, registry: Registry, start: Start) -> None:
    agent = start()
    agent.until(lambda: registry.paths() == [])
    (root / "new").mkdir()
    (root / "new" / "a.json").write_text(PROFILE)
    agent.until(lambda: registry.paths() == ["new/a.json"])
    (root / "new" / "b.json").write_text(PROFILE)
    agent.until(lambda: registry.paths() == ["new/a.json", "new/b.json"])
    (root / "new" / "a.json").unlink()
    agent.until(lambda: registry.paths() == ["new/b.json"])


def test_many_files_at_once_are_few_writes(root: Path, registry: Registry, start: Start) -> None:
    agent = start()
    agent.until(lambda: registry.paths() == [])
    for number in range(200):
        (root / f"{number:03}.json").write_text(PROFILE)
        time.sleep(0.002)
    agent.until(lambda: len(registry.paths() or ()) == 200)

    assert len(registry.writes) <= 4


def test_what_does_not_change_is_not_written_again(root: Path, registry: Registry, start: Start) -> None:
    (root / "a.json").write_text(PROFILE)
    agent = start(interval=OFTEN)
    agent.until(lambda: registry.writes)
    (root / "a.json").write_text(PROFILE)
    (root / "a.json").chmod(0o600)
    (root / "b.json").write_text(PROFILE)
    agent.until(lambda: registry.paths() == ["a.json", "b.json"])

    assert len({report.seccomp for report in registry.writes}) == len(registry.writes)


def test_an_agent_that_starts_again_writes_nothing_where_all_is_published(
    root: Path, registry: Registry, start: Start
) -> None:
    (root / "a.json").write_text(PROFILE)
    start().until(lambda: registry.writes)
    agent = start()
    agent.until(lambda: agent.rounds._report)  # noqa: SLF001 - that it has looked is seen nowhere else

    (root / "b.json").write_text(PROFILE)
    agent.until(lambda: registry.paths() == ["a.json", "b.json"])
    assert [len(report.seccomp) for report in registry.writes][:2] == [1, 2]


def test_an_object_that_somebody_deletes_is_made_again(root: Path, registry: Registry, start: Start) -> None:
    (root / "a.json").write_text(PROFILE)
    agent = start(interval=OFTEN)
    agent.until(lambda: registry.writes)
    registry.object = None
    agent.until(lambda: registry.paths() == ["a.json"])


def test_an_object_that_somebody_changes_is_put_right(registry: Registry, start: Start) -> None:
    agent = start(interval=OFTEN)
    agent.until(lambda: registry.writes)
    for wrong in (Published(NodeReport(NODE, kernel="made up"), (UID,)), Published(None, ())):
        registry.object = wrong
        agent.until(lambda: registry.object and registry.object.report == registry.writes[0])


def test_the_object_belongs_to_the_node_that_is_there_now(registry: Registry, start: Start) -> None:
    agent = start(interval=OFTEN)
    agent.until(lambda: registry.writes)
    assert registry.said
    registry.said = registry.said._replace(uid="uid-2", runtime_version="2.2.0")
    agent.until(lambda: registry.object and registry.object.owners == ("uid-2",))

    assert registry.writes[-1].runtime_version == "2.2.0"


def test_a_cluster_that_fails_is_left_alone_and_asked_again(
    root: Path, registry: Registry, start: Start
) -> None:
    registry.failure = Failure("the API server is away")
    agent = start(interval=OFTEN)
    agent.until(lambda: agent.lines)
    registry.failure = None
    (root / "a.json").write_text(PROFILE)
    agent.until(lambda: registry.paths() == ["a.json"])

    assert agent.lines.count(("warning", "the API server is away")) == 1


def test_nothing_is_published_of_a_node_that_the_cluster_does_not_have(
    registry: Registry, start: Start
) -> None:
    node, registry.said = registry.said, None
    agent = start(interval=OFTEN)
    agent.until(lambda: agent.lines)
    assert registry.writes == []
    registry.said = node
    agent.until(lambda: registry.writes)


def test_a_folder_that_is_deleted_and_made_again_is_followed(
    root: Path, registry: Registry, start: Start
) -> None:
    (root / "a.json").write_text(PROFILE)
    agent = start()
    agent.until(lambda: registry.paths() == ["a.json"])
    shutil.rmtree(root)
    agent.until(lambda: registry.paths() == [])
    root.mkdir()
    (root / "b.json").write_text(PROFILE)
    agent.until(lambda: registry.paths() == ["b.json"])
    (root / "c.json").write_text(PROFILE)
    agent.until(lambda: registry.paths() == ["b.json", "c.json"])


def test_a_folder_that_comes_with_those_above_it_is_followed(
    root: Path, registry: Registry, start: Start
) -> None:
    shutil.rmtree(root.parent)
    agent = start()
    agent.until(lambda: registry.paths() == [])
    root.mkdir(parents=True)
    (root / "a.json").write_text(PROFILE)
    agent.until(lambda: registry.paths() == ["a.json"])


def test_without_inotify_changes_are_seen_a_while_later(
    root: Path, registry: Registry, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more() -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(rounds, "Changes", no_more)
    agent = start(glance=OFTEN)
    agent.until(lambda: registry.paths() == [])
    (root / "a.json").write_text(PROFILE)
    agent.until(lambda: registry.paths() == ["a.json"])
    assert ("warning", "changes are only seen once a minute: Too many open files") in agent.lines


def test_labels_of_the_node_follow_its_profiles(root: Path, registry: Registry, start: Start) -> None:
    label = "profile.seccomp-webhook.io/a.json"
    registry.labels["profile.seccomp-webhook.io/gone.json"] = "0123"
    (root / "a.json").write_text(PROFILE)
    agent = start(interval=OFTEN, labels=True)
    agent.until(lambda: [*registry.labels] == [label])
    good = registry.labels[label]
    registry.labels[label] = "made-up"
    agent.until(lambda: registry.labels[label] == good)
    (root / "a.json").unlink()
    agent.until(lambda: not registry.labels)


def test_a_folder_that_cannot_be_read_is_looked_at_now_and_then_and_told_once(
    root: Path, registry: Registry, start: Start
) -> None:
    root.rmdir()
    root.write_text("no folder")
    agent = start(glance=OFTEN)
    agent.until(lambda: agent.lines)
    before = agent.beats
    time.sleep(1)
    looks = agent.beats - before
    root.unlink()
    root.mkdir()
    agent.until(lambda: registry.paths() == [])

    assert agent.lines[0] == ("error", f"{root}: Not a directory; nothing new is told")
    # Five, or so; who does not wait between them looks as often as the machine can.
    assert looks < 50
