"""``certs``: the webhook's certificates. Its commands are the modules here, as in the package above."""

import pkgutil
from importlib import import_module
from typing import Final

import click

from webhook.policy.nearest import did_you_mean
from webhook.reports.printable import printable

NAMES: Final = tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))


class _Commands(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NAMES:
            return ctx.fail(f'No command "{printable(cmd_name)}"{did_you_mean(cmd_name, NAMES)}')
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command


@click.group(cls=_Commands)
def command() -> None:
    """Make, show and rotate the webhook's certificates.

    Authorities overlap: the next one is trusted everywhere before it signs, the one before until its last
    certificate has ended. All that a rotation knows is in two Secrets, or in a folder.
    """
