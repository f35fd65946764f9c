"""The line that says how far a long run has come."""

import io

import pytest

from webhook.cli import progress
from webhook.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    return Terminal()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0)


@pytest.mark.usefixtures("impatient")
def test_a_long_run_says_where_it_is_and_leaves_no_trace(terminal: Terminal) -> None:
    line = Progress(terminal)
    line.at(12_345, f"{'x' * 99}\x1b/cart.yaml")
    line.clear()
    line.clear()

    shown = f"12,345 objects; reading …{'x' * 45}\\x1b/cart.yaml"
    assert terminal.getvalue() == f"\r\x1b[K{shown}\r\x1b[K"


def test_a_short_run_says_nothing(terminal: Terminal) -> None:
    line = Progress(terminal)
    line.at(1, "cart.yaml")
    line.clear()

    assert terminal.getvalue() == ""


@pytest.mark.usefixtures("impatient")
def test_the_line_is_not_redrawn_all_the_time(terminal: Terminal) -> None:
    line = Progress(terminal)
    for number in range(1000):
        line.at(number, "cart.yaml")

    assert terminal.getvalue().count("reading") == 1


@pytest.mark.usefixtures("impatient")
def test_a_terminal_that_cannot_clear_a_line_gets_none(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    line = Progress(terminal)
    line.at(1, "cart.yaml")
    line.clear()

    assert terminal.getvalue() == ""


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("stream", [None, io.StringIO()], ids=["closed", "file"])
def test_what_is_no_terminal_gets_none(stream: io.StringIO | None) -> None:
    line = Progress(stream)
    line.at(1, "cart.yaml")
    line.clear()

    assert not stream or stream.getvalue() == ""
