"""The program around its commands."""

import pytest

from tests.cli.conftest import Run
from tests.cli.processes import BIN, MODULE, ended, started
from webhook import __version__
from webhook.cli import commands
from webhook.cli.command_group import command_in
from webhook.cli.commands import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help(seccomp: Run, name: str) -> None:
    long, short = seccomp(name, "--help"), seccomp(name, "-h")

    assert long.status == 0
    assert long == short
    assert long.out.startswith(f"Usage: seccomp-webhook {name} ")
    assert f"  {name}  " in seccomp("--help").out
    assert command_in(commands.__name__, name).get_short_help_str(200).endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_every_option_says_what_it_does(name: str) -> None:
    options = [
        each for each in command_in(commands.__name__, name).params if each.param_type_name == "option"
    ]

    assert all(getattr(option, "help", None) for option in options)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ([BIN / "seccomp-webhook"], "seccomp-webhook"),
        ([BIN / "kubectl-seccomp"], "kubectl seccomp"),
        (MODULE, "python -m webhook"),
    ],
)
def test_the_program_calls_itself_as_it_was_called(command: list[object], name: str) -> None:
    version = ended(started(["--version"], program=command))
    wrong = ended(started(["chekc"], program=command))

    assert version == (0, f"{name} {__version__}\n", "")
    assert wrong == (
        2,
        "",
        (
            f"Usage: {name} [OPTIONS] COMMAND [ARGS]...\n"
            f"Try '{name} --help' for help.\n\n"
            'Error: No command "chekc"; did you mean check?\n'
        ),
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nothing-near"], 'Error: No command "nothing-near"\n'),
        (["\x1b[2J"], 'Error: No command "\\x1b[2J"\n'),
        (["check", "--versoin", "v1.9"], "Error: No such option '--versoin'. Did you mean '--version'?\n"),
        (["--verison"], "Error: No such option '--verison'. Did you mean '--version'?\n"),
    ],
)
def test_wrong_use_is_answered_with_what_could_be_meant(
    seccomp: Run, arguments: list[str], complaint: str
) -> None:
    ran = seccomp(*arguments)

    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.endswith(complaint)


def test_without_a_command_there_is_help(seccomp: Run) -> None:
    ran = seccomp()

    assert ran.status == 2
    assert ran.err == seccomp("--help").out


def completed(words: str) -> list[str]:
    environment = {
        "_SECCOMP_WEBHOOK_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    ran = ended(started([], environment=environment))
    assert ran.err == ""
    return ran.out.split()


@pytest.mark.parametrize("words", ["seccomp-webhook chekc ", "seccomp-webhook certs shwo "])
def test_completion_behind_a_command_that_is_not_there_says_nothing_of_it(words: str) -> None:
    assert all(each.startswith("plain,") for each in completed(words))


def test_the_shell_can_complete_commands_and_values() -> None:
    assert completed("seccomp-webhook ch") == ["plain,check"]
    assert completed("seccomp-webhook check --level r") == ["plain,restricted"]
    assert completed("seccomp-webhook check -o j") == ["plain,json"]
