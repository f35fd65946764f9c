"""The option that names a configuration file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from webhook.config import Settings

_Command = TypeVar("_Command", bound=Callable[..., Any])


def settings_option(command: _Command, *, variable: str | None = None) -> _Command:
    """``--config FILE``: the command gets the settings in the file, or None without one.

    *variable* is the one of the environment that stands for it, where there is one.
    """
    return click.option(
        "--config",
        "settings",
        metavar="FILE",
        envvar=variable,
        callback=_settings,
        help="AdmissionConfiguration or PodSecurityConfiguration, as the API server reads it.",
    )(command)


def _settings(_context: click.Context, _option: click.Parameter, file: str | None) -> "Settings | None":
    if file is None:
        return None
    from webhook.cli.configuration_file import settings_in  # noqa: PLC0415 - most runs have none to wait for

    return settings_in(Path(file))
