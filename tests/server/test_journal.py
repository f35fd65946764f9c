import json
import os
import select
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhook.server.journal import LONGEST_NAME, Journal, Message, cut, cut_before, now
from webhook.server.rate import Rate


def written(line: Message) -> bytes:
    read, write = os.pipe()
    Journal(write).write(line)
    os.close(write)
    with os.fdopen(read, "rb") as end:
        return end.read()


@given(st.text(st.characters(codec=None), max_size=30))
def test_whatever_is_said_is_one_line_of_ascii_that_says_it(text: str) -> None:
    line = written(Message(now(), "info", "event", text))

    assert line.isascii()
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert len(line.decode().splitlines()) == 1
    said = json.loads(line)
    assert said["message"] == text
    assert said["event"] == "event"


def test_what_cannot_be_written_is_lost_and_nothing_else() -> None:
    read, write = os.pipe()
    os.close(read)
    journal = Journal(write)

    journal.say("info", "event", "nobody reads this")
    os.close(write)
    journal.say("info", "event", "nor this")


def test_long_lines_are_written_whole(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "log", os.O_CREAT | os.O_WRONLY)
    journal = Journal(descriptor)
    journal.say("error", "bug", "x" * 100_000, "y" * 100_000 + "the end")
    os.close(descriptor)

    (line,) = (json.loads(each) for each in (tmp_path / "log").read_text().splitlines())
    assert len(line["message"]) == len(line["error"]) == 2048
    assert line["error"].endswith("the end")


def test_times_are_in_utc_to_the_millisecond() -> None:
    moment = now()

    assert len(moment) == len("2026-03-01T12:00:00.123Z")
    assert moment.endswith("Z")


@pytest.mark.parametrize("shorten", [cut, cut_before])
def test_names_are_cut_at_the_length_of_names(shorten: Callable[[str, int], str]) -> None:
    assert shorten("x" * LONGEST_NAME, LONGEST_NAME) == "x" * LONGEST_NAME
    assert len(shorten("x" * (LONGEST_NAME + 1), LONGEST_NAME)) == LONGEST_NAME


def test_warnings_are_limited_for_each_event_and_the_rest_is_not(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "log", os.O_CREAT | os.O_WRONLY)
    journal = Journal(descriptor)
    for _ in range(100):
        journal.say("warning", "one", "flood")
    journal.say("warning", "other", "heard")
    for _ in range(100):
        journal.say("error", "one", "always")
    os.close(descriptor)

    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert 20 <= len([line for line in lines if line["message"] == "flood"]) < 30
    assert len([line for line in lines if line["message"] == "heard"]) == 1
    assert len([line for line in lines if line["message"] == "always"]) == 100


def test_what_was_left_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 100.0
    monkeypatch.setattr("webhook.server.rate.monotonic", lambda: moment)
    rate = Rate(burst=2, interval=1.0)

    first = [rate.allows() for _ in range(5)]
    moment += 1.0
    then = [rate.allows() for _ in range(2)]
    moment += 1000.0
    later = [rate.allows() for _ in range(4)]

    assert first == [0, 0, None, None, None]
    assert then == [3, None]
    assert later == [1, 0, None, None]


def filled(journal: Journal, length: int) -> int:
    """How many lines of *length* the pipe takes of which nobody reads."""
    number = 0
    while journal._lost == 0:  # noqa: SLF001 - what is lost shows only when somebody reads again
        journal.write(Message(now(), "info", "event", f"{number:06}" + "x" * length))
        number += 1
        assert number < 100_000
    return number - 1


@pytest.mark.parametrize("length", [1, 100, 4000, 5000, 50_000])
def test_a_pipe_that_nobody_reads_keeps_nobody_and_what_is_lost_is_told_later(length: int) -> None:
    read, write = os.pipe()
    journal = Journal(write)
    written_lines = filled(journal, length)
    for _ in range(9):
        journal.write(Message(now(), "info", "event", "lost"))
    with os.fdopen(read, "rb", buffering=0) as end:
        before = b""
        os.set_blocking(read, False)
        while part := end.read(65536):
            before += part
        journal.write(Message(now(), "info", "event", "heard"))
        after = end.read(65536) or b""
        os.close(write)
    # Of the last line only the beginning may have got in: the rest comes first.
    *lines, told, heard = [json.loads(line) for line in (before + after).splitlines()]

    assert [line["message"][:6] for line in lines] == [f"{number:06}" for number in range(written_lines)]
    assert (told["severity"], told["event"]) == ("warning", "log")
    assert told["message"] == "10 lines are missing here: they could not be written"
    assert heard["message"] == "heard"


def test_a_line_that_is_cut_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = []
    poll = select.poll

    class Watched:
        def __init__(self) -> None:
            self._poll = poll()
            self.register = self._poll.register

        def poll(self, milliseconds: float) -> list[tuple[int, int]]:
            waits.append(milliseconds)
            return self._poll.poll(milliseconds)

    monkeypatch.setattr(select, "poll", Watched)
    read, write = os.pipe()
    filled(Journal(write), 50_000)
    for end in (read, write):
        os.close(end)

    assert set(waits) == {0}
