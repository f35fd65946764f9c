"""What commands print is what was read and found good."""

import pytest

from tests.cli.golden import FOLDER, SCENES, performed

REFRESH = "run python -m tests.cli.golden, and read what changed"


@pytest.mark.parametrize("name", SCENES)
def test_a_command_prints_what_it_printed(name: str) -> None:
    kept = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")

    assert performed(SCENES[name]) == kept, REFRESH


def test_no_scene_is_left_over() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(SCENES), REFRESH
