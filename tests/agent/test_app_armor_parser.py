"""AppArmor profiles are loaded by the distribution's parser, once each, and never unloaded."""

from pathlib import Path

import pytest

from webhook.agent.app_armor_parser import AppArmorParser
from webhook.agent.told import Told

PROFILE = "profile web { }\n"


class Machine:
    """A folder of profiles, and a parser that keeps what it was given."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source"
        self.source.mkdir()
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.loaded = folder / "loaded"
        self.loaded.touch()
        self.lines: list[str] = []
        self.parser = AppArmorParser(
            [self.source], Told(lambda _, words: self.lines.append(words)), str(self.programs)
        )

    def have(self, script: str) -> None:
        program = self.programs / "apparmor_parser"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.have(f'echo "$*" >> {machine.loaded}; cat >> {machine.loaded}')
    return machine


def test_a_profile_is_loaded_once_and_again_when_it_changes(machine: Machine) -> None:
    (machine.source / "web").write_text(PROFILE)
    machine.parser.turn()
    machine.parser.turn()
    assert machine.loaded.read_text() == f"--replace\n{PROFILE}"
    (machine.source / "web").write_text("profile web { network, }\n")
    machine.parser.turn()

    assert machine.loaded.read_text().endswith("--replace\nprofile web { network, }\n")
    assert [line.partition(",")[0] for line in machine.lines] == ["loaded AppArmor profile web"] * 2


def test_a_profile_that_is_wanted_no_longer_stays_loaded(machine: Machine) -> None:
    (machine.source / "web").write_text(PROFILE)
    machine.parser.turn()
    (machine.source / "web").unlink()
    machine.parser.turn()

    assert machine.loaded.read_text() == f"--replace\n{PROFILE}"


def test_what_the_parser_says_against_a_profile_is_told_once(machine: Machine) -> None:
    machine.have('echo "AppArmor parser error, line 1: syntax error" >&2; exit 1')
    (machine.source / "web").write_text("profile {")
    machine.parser.turn()
    machine.parser.turn()

    assert machine.lines == [
        "AppArmor profile web is not loaded: AppArmor parser error, line 1: syntax error"
    ]


def test_without_a_parser_it_is_told_and_nothing_fails(machine: Machine) -> None:
    (machine.programs / "apparmor_parser").unlink()
    machine.parser.turn()
    assert machine.lines == []
    (machine.source / "web").write_text(PROFILE)
    machine.parser.turn()
    machine.parser.turn()

    assert machine.lines == ["there is no apparmor_parser here: 1 AppArmor profiles are not loaded"]
