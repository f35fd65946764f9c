from collections.abc import Callable

import pytest

from tests.cli.processes import Ran
from webhook.cli.program import run

Run = Callable[..., Ran]


@pytest.fixture
def seccomp(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process."""

    def in_this_process(*arguments: object) -> Ran:
        status = run(list(map(str, arguments)), "seccomp-webhook")
        return Ran(status, *capsys.readouterr())

    return in_this_process
