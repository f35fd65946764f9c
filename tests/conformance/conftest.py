from collections.abc import Iterator
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
