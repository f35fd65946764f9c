"""What the README shows is what a reader gets."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from webhook.cli.commands import NAMES

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SCREEN = re.compile(
    r"```console\n\$ cat (?P<file>\S+)\n(?P<manifest>.+?)\n"
    r"\$ seccomp-webhook (?P<arguments>[^\n]+)\n(?P<out>.+?)```",
    re.DOTALL,
)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_shown(name: str) -> None:
    assert f"seccomp-webhook {name}" in README


def test_the_first_screen_is_what_happens(
    seccomp: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = SCREEN.search(README)
    assert found
    (tmp_path / found["file"]).write_text(found["manifest"])
    monkeypatch.chdir(tmp_path)

    assert seccomp(*found["arguments"].split()).out == found["out"]
