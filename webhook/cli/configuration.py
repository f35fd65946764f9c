"""The option that names a configuration file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from webhook.config import Loaded

_Command = TypeVar("_Command", bound=Callable[..., Any])


def settings_option(command: _Command, *, variable: str | None = None) -> _Command:
    """``--config FILE``: the command gets what was loaded from the file, or None without one.

    *variable* is the one of the environment that stands for it, where there is one.
    """
    return click.option(
        "--config",
        "configuration",
        metavar="FILE",
        envvar=variable,
        callback=_loaded,
        help="Configuration, or the API server's AdmissionConfiguration or PodSecurityConfiguration.",
    )(command)


def _loaded(_context: click.Context, _option: click.Parameter, file: str | None) -> "Loaded | None":
    if file is None:
        return None
    from webhook.cli.configuration_file import loaded  # noqa: PLC0415 - most runs have none to wait for

    return loaded(Path(file))
