"""Commands wait only for what they need."""

import sys
from pathlib import Path

import pytest

from tests.cli.processes import ended, started

EXAMPLE = Path(__file__).parents[2] / "examples" / "pod-refused.yaml"
PROFILE = Path(__file__).parent / "profiles" / "plain.json"
HEAVY = ("flask", "gunicorn", "kubernetes", "cryptography", "prometheus_client", "certs", "asyncio", "ssl")


@pytest.mark.parametrize(
    "arguments",
    [["check", str(EXAMPLE)], ["explain", "runAsUser"], ["explain"], ["profile", "lint", str(PROFILE)]],
)
def test_a_command_on_files_imports_nothing_of_the_server(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        "from webhook.cli.program import run\n"
        f"run({arguments!r}, 'seccomp-webhook')\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    ran = ended(started([program], program=[sys.executable, "-c"]))

    assert ran.err == "[]\n"
