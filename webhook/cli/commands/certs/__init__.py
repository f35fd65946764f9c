"""``certs``: the webhook's certificates. Its commands are the modules here, as in the package above."""

import pkgutil
from typing import Final

import click

from webhook.cli.command_group import CommandGroup

NAMES: Final = tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))


@click.group(cls=CommandGroup, package=__name__, names=NAMES)
def command() -> None:
    """Make, show and rotate the webhook's certificates.

    Authorities overlap: the next one is trusted everywhere before it signs, the one before until its last
    certificate has ended. All that a rotation knows is in two Secrets, or in a folder.
    """
