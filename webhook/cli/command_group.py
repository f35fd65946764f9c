"""A group of commands, each of which is a module that is imported when it is asked for."""

from collections.abc import Collection
from importlib import import_module
from typing import Any

import click

from webhook.policy.nearest import did_you_mean
from webhook.reports.printable import printable


class CommandGroup(click.Group):
    """The commands *names*: the modules of *package* that are called so."""

    def __init__(self, *given: Any, package: str, names: Collection[str], **named: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(*given, **named)
        self._package = package
        self._names = names

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names."""
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command of that name, or None."""
        return command_in(self._package, cmd_name) if cmd_name in self._names else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As the base's; a name that is none fails with the nearest one, but not while a shell completes."""
        name = args[0]
        if name not in self._names and not name.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f'No command "{printable(name)}"{did_you_mean(name, self._names)}')
        return super().resolve_command(ctx, args)


def command_in(package: str, name: str) -> click.Command:
    """The command of the module *name* of *package*."""
    command: click.Command = import_module(f"{package}.{name}").command
    return command
