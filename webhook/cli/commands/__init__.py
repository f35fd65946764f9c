"""The commands, one module each, named as the command.

A module here that exports ``command`` is one: there is no list to edit. Only the module of the command
that runs is imported, so that ``check`` need not wait for what ``serve`` needs.
"""

import pkgutil
from importlib import import_module

import click

NAMES: tuple[str, ...] = tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))


def command_named(name: str) -> click.Command:
    """The command *name*, one of NAMES."""
    command: click.Command = import_module(f"{__name__}.{name}").command
    return command
