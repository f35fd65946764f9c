"""One look at a node: profiles are judged as its runtime loads them, and what is wrong is told."""

import json
from pathlib import Path
from typing import NoReturn

import pytest

from tests.permissions import permissions_hold
from webhook.agent.machine import Machine
from webhook.agent.survey import Places, Survey
from webhook.agent.told import Told
from webhook.nodes.report import NodeReport, SeccompFile
from webhook.nodes.wire import status_of
from webhook.seccomp.loaded import Unjudged
from webhook.seccomp.target import Target
from webhook.seccomp.tree import ENDLESS

NODE = Machine("6.12.7", "amd64", "containerd", "2.1.4")


class Look:
    def __init__(self, folder: Path) -> None:
        self.lines: list[tuple[str, str]] = []
        self.places = Places("node-1", folder / "seccomp", folder / "loaded")
        self.places.folder.mkdir()
        self.told = Told(lambda severity, words: self.lines.append((severity, words)))
        self.survey = Survey(self.places, self.told)
        self.survey.set_machine(NODE)

    def at(self, content: bytes) -> SeccompFile:
        """What is told of a file with *content*."""
        (self.places.folder / "a.json").write_bytes(content)
        (file,) = self.survey.report().seccomp
        return file


@pytest.fixture
def look(tmp_path: Path) -> Look:
    return Look(tmp_path)


@pytest.mark.parametrize(
    ("content", "profile_class", "error"),
    [
        (b"{}", "none", ""),
        (b'{"defaultAction": "SCMP_ACT_ALLOW"}', "none", ""),
        (b'{"defaultAction": "SCMP_ACT_KILL_PROCESS"}', "stricter", ""),
        (b'{"defaultAction": "X"}', "unjudged", "string X is not a valid action for seccomp"),
        (b"{", "unjudged", "unexpected end of JSON input"),
    ],
)
def test_a_profile_has_the_class_that_it_has_for_the_node_s_runtime(
    look: Look, content: bytes, profile_class: str, error: str
) -> None:
    file = look.at(content)

    assert file.profile_class == profile_class
    assert error in file.error
    assert bool(error) is bool(file.error)


def test_a_node_with_another_runtime_judges_anew(look: Look) -> None:
    docker_s = (
        b'{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"name": "read", "action": "SCMP_ACT_ALLOW"}]}'
    )
    assert look.at(docker_s).error == ""
    look.survey.set_machine(NODE._replace(architecture="arm64", kernel="6.1.0"))

    report = look.survey.report()
    assert (report.architecture, report.kernel) == ("arm64", "6.1.0")
    assert report.seccomp[0].profile_class == "stricter"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{}", "containers would run without any filter"),
        (b"{", "unexpected end of JSON input"),
        (b'{"defaultAction": "X"}', "containers do not start with it: string X is not a valid action"),
        (b'{"defaultAction": "SCMP_ACT_LOG"}', ""),
    ],
)
def test_what_is_installed_is_what_the_runtime_loads(look: Look, content: bytes, words: str) -> None:
    assert words in look.survey.wrong_with(content)
    assert bool(words) is bool(look.survey.wrong_with(content))


def test_rules_with_which_the_runtime_hangs_are_not_installed(look: Look) -> None:
    below = {"index": 1, "op": "SCMP_CMP_LT", "value": 1 << 32}
    rules = [
        {
            "names": ["socket"],
            "action": "SCMP_ACT_ALLOW",
            "args": [{"index": 2, "op": op, "value": value}, below],
        }
        for op, value in (("SCMP_CMP_LE", (1 << 64) - 1), ("SCMP_CMP_NE", (1 << 64) - 2))
    ]
    content = json.dumps({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": rules}).encode()

    assert look.survey.wrong_with(content) == ENDLESS
    assert look.at(content).error == ENDLESS


def test_more_than_can_be_looked_through_is_installed(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_: object) -> NoReturn:
        raise Unjudged("too many rules")

    monkeypatch.setattr("webhook.agent.judged.load", too_much)

    assert look.survey.wrong_with(b"{}") == ""


def test_a_text_that_the_judge_stumbles_on_hides_no_other(look: Look) -> None:
    def stumbles(content: bytes, _: Target) -> tuple[str, str]:
        return ("weaker", "") if content == b"{}" else (str(1 // 0), "")

    survey = Survey(look.places, look.told, class_of=stumbles)
    (look.places.folder / "a.json").write_bytes(b"{}")
    (look.places.folder / "b.json").write_bytes(b"{ }")

    assert [file.profile_class for file in survey.report().seccomp] == ["weaker", "unjudged"]
    assert look.lines[-1] == (
        "error",
        "a bug: a profile of 3 bytes is not judged: ZeroDivisionError: integer division or modulo by zero",
    )


def test_a_text_that_the_loader_stumbles_on_is_not_installed(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhook.agent.survey.wrong_with", lambda *_: str(1 // 0))

    assert look.survey.wrong_with(b"{}").startswith("a bug: it is not judged: ZeroDivisionError")


def test_a_list_of_app_armor_that_may_not_be_read_is_told_once(look: Look) -> None:
    look.places.app_armor.touch(mode=0)
    with permissions_hold():
        assert look.survey.report().app_armor is None
        look.survey.report()

    assert look.lines == [("error", f"{look.places.app_armor}: Permission denied; AppArmor is not told of")]


def test_app_armor_names_that_are_too_long_are_left_out_and_counted(look: Look) -> None:
    look.places.app_armor.write_text(f"{'a' * 4097} (enforce)\n{'b' * 4096} (enforce)\n")

    report = look.survey.report()
    look.survey.report()

    assert [each.name[0] for each in report.app_armor or ()] == ["b"]
    assert report.left_out == 1
    assert look.lines == [
        (
            "warning",
            f"{look.places.app_armor}: 1 profiles are too many or have too long names, and not told of",
        )
    ]


def test_a_report_has_room_in_an_object_whatever_somebody_puts_there(look: Look) -> None:
    # Each of these takes six times its length in JSON.
    for number in range(2000):
        (look.places.folder / f"{number:04}{chr(1) * 240}").write_bytes(b"{")
    lines = [f"{number:04}{chr(1) * 490} (enforce)\n" for number in range(2000)]
    look.places.app_armor.write_text("".join(lines))

    report = look.survey.report()

    assert len(json.dumps(status_of(report))) < 1_500_000
    assert report.left_out == 4000 - len(report.seccomp) - len(report.app_armor or ())


def test_what_is_left_out_is_told_once(look: Look) -> None:
    (look.places.folder / "closed").mkdir(mode=0)
    with permissions_hold():
        report = look.survey.report()
        look.survey.report()

    assert report.left_out == 1
    assert look.lines == [
        (
            "warning",
            f"{look.places.folder}: 1 files or folders are too many, too deep or closed, and not told of",
        )
    ]


def test_a_node_of_which_nothing_is_known_is_told_as_such(tmp_path: Path) -> None:
    survey = Survey(Places("node-1", tmp_path / "absent", tmp_path / "absent"), Told(lambda *_: None))

    assert survey.report() == NodeReport("node-1")
