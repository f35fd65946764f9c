"""An installation that is ended at any moment leaves no half of a profile, loses none, and can go on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from webhook.agent.place import put

ROOT = Path(__file__).parents[2]


def test_an_installation_may_end_at_every_call_of_the_system(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.agent.killing", tmp_path],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    *wrong, last = done.stdout.splitlines() or [""]

    assert (wrong, done.stderr) == ([], "")
    assert int(last.removesuffix(" ends")) > 300


@pytest.mark.parametrize("replaces", [False, True])
def test_a_file_is_on_the_disk_before_it_has_its_name_and_so_is_its_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, replaces: bool
) -> None:
    """What a power failure would show: the order in which things are brought to the disk."""
    order: list[str] = []
    folder = os.open(tmp_path, os.O_RDONLY)

    def told(name: str) -> None:
        call = getattr(os, name)

        def called(*given: object, **named: object) -> object:
            order.append(f"{name} folder" if given[0] == folder else name)
            return call(*given, **named)

        monkeypatch.setattr(os, name, called)

    for name in ("write", "fsync", "link", "rename"):
        told(name)
    put(folder, "a.json", b"{}", replaces=replaces)
    os.close(folder)

    assert order == ["write", "fsync", "rename" if replaces else "link", "fsync folder"]
