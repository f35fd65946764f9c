from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.conformance.programs import HERE, Conversation, Unavailable, are_required, build


def _conversation(mode: str) -> Iterator[Conversation]:
    try:
        program = build(HERE / "oracle")
    except Unavailable as missing:
        reason = f"the reference library was not asked: {missing}"
        if are_required():
            pytest.fail(reason)
        pytest.skip(reason)
    with closing(Conversation(program, mode)) as conversation:
        yield conversation


@pytest.fixture(scope="session")
def policy_library() -> Iterator[Conversation]:
    """The reference library's verdicts on pods; what needs it is skipped where there is no Go."""
    yield from _conversation("policy")


@pytest.fixture(scope="session")
def admission_library() -> Iterator[Conversation]:
    """The reference library's answers to requests; what needs it is skipped where there is no Go."""
    yield from _conversation("admission")


@pytest.fixture
def announce(pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints a line on the terminal of those who asked for more words (``-v``)."""

    def print_line(text: str) -> None:
        if pytestconfig.get_verbosity() > 0:
            with capsys.disabled():
                pytestconfig.get_terminal_writer().line(text)

    return print_line
