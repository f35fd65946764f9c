"""The options that say which standard is asked for."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from webhook.policy.standard import Level, Version
from webhook.reports.printable import printable

_Command = TypeVar("_Command", bound=Callable[..., Any])


def level_option(command: _Command) -> _Command:
    """``--level``."""
    return click.option(
        "--level",
        type=click.Choice([str(level) for level in Level]),
        default=str(Level.RESTRICTED),
        show_default=True,
        callback=lambda _context, _option, text: Level.parse(text),
        help="Level that is asked for.",
    )(command)


def version_option(command: _Command) -> _Command:
    """``--version``, of the standards."""
    return click.option(
        "--version",
        metavar="latest|v1.N",
        default="latest",
        show_default=True,
        callback=_version,
        help="Version of the standards.",
    )(command)


def _version(_context: click.Context, _option: click.Parameter, text: str) -> Version:
    try:
        return Version.parse(text)
    except ValueError as error:
        raise click.BadParameter(f'"{printable(text)}": {error}.') from error
