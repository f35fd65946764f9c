from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

import pytest

from tests.conformance.programs import HERE, Conversation, Unavailable, are_required, build


class Build(Protocol):
    """Builds the Go program in a subfolder."""

    def __call__(self, name: str, tags: str = "") -> Path: ...


@pytest.fixture(scope="session")
def go_program() -> Build:
    """Builds the Go program in a subfolder; what needs it is skipped, or fails, where that cannot be."""

    def built(name: str, tags: str = "") -> Path:
        try:
            return build(HERE / name, tags)
        except Unavailable as missing:
            reason = f"the readers' own code ({name}) was not asked: {missing}"
            if are_required():
                pytest.fail(reason)
            pytest.skip(reason)

    return built


@pytest.fixture(scope="session")
def policy_library(go_program: Build) -> Iterator[Conversation]:
    """The reference library's verdicts on pods."""
    with closing(Conversation(go_program("oracle"), "policy")) as conversation:
        yield conversation


@pytest.fixture(scope="session")
def admission_library(go_program: Build) -> Iterator[Conversation]:
    """The reference library's answers to requests."""
    with closing(Conversation(go_program("oracle"), "admission")) as conversation:
        yield conversation


@pytest.fixture
def announce(pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints a line on the terminal of those who asked for more words (``-v``)."""

    def print_line(text: str) -> None:
        if pytestconfig.get_verbosity() > 0:
            with capsys.disabled():
                pytestconfig.get_terminal_writer().line(text)

    return print_line
