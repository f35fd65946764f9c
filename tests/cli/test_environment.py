"""Options of commands that have variables of the environment are read from those that are documented."""

from collections.abc import Iterator

import click
import pytest

from webhook.cli.command_group import command_in
from webhook.cli.commands import NAMES
from webhook.cli.commands.certs import NAMES as CERTS


def commands() -> Iterator[tuple[str, click.Command]]:
    for name in NAMES:
        command = command_in("webhook.cli.commands", name)
        if isinstance(command, click.Group):
            context = click.Context(command)
            for each in command.list_commands(context):
                found = command.get_command(context, each)
                assert found
                yield f"{name} {each}", found
        else:
            yield name, command


DOCUMENTED = [
    pytest.param(command, option, prefix, id=f"{name} {option.opts[-1]}")
    for name, command in commands()
    if (prefix := command.context_settings.get("auto_envvar_prefix"))
    for option in command.params
    if isinstance(option, click.Option)
]


def test_the_prefix_is_that_of_the_command() -> None:
    prefixes = {name: each.context_settings.get("auto_envvar_prefix") for name, each in commands()}

    assert {name: prefix for name, prefix in prefixes.items() if prefix} == {
        "serve": "SECCOMP_WEBHOOK_SERVE",
        **{f"certs {name}": "SECCOMP_WEBHOOK_CERTS" for name in CERTS},
    }


@pytest.mark.parametrize(("command", "option", "prefix"), DOCUMENTED)
def test_an_option_is_also_a_variable(
    command: click.Command, option: click.Option, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = next(each for each in option.opts if each.startswith("--"))
    variable = f"{prefix}_{long.removeprefix('--').replace('-', '_').upper()}"
    monkeypatch.setenv(variable, "said")
    context = click.Context(command, **command.context_settings)

    assert option.resolve_envvar_value(context) == "said"
