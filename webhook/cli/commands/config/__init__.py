"""``config``: the webhook's configuration."""

import click

from webhook.cli.commands.config.validate import command as validate


@click.group()
def command() -> None:
    """Look at a configuration before the webhook does."""


command.add_command(validate, "validate")
