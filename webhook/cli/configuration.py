"""The option that names a configuration file, and the reading of that file."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import click

from webhook.config import (
    DEFAULTS,
    ConfigurationError,
    PluginFile,
    Settings,
    settings_of,
    settings_of_plugin,
)
from webhook.manifests import Unreadable, read
from webhook.reports.formats.text import problem_line
from webhook.reports.printable import printable
from webhook.reports.verdict import Problem

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Found = TypeVar("_Found", Settings, Settings | PluginFile)


def settings_option(command: _Command) -> _Command:
    """``--config FILE``: the command gets the settings that the file holds."""
    return click.option(
        "--config",
        "settings",
        metavar="FILE",
        callback=_settings,
        help="AdmissionConfiguration or PodSecurityConfiguration, as the API server reads it.",
    )(command)


def _settings(_context: click.Context, _option: click.Parameter, file: str | None) -> Settings:
    if file is None:
        return DEFAULTS
    found = _read(Path(file), settings_of)
    if isinstance(found, PluginFile):
        # As in the API server, a relative path starts where the file lies that names it; "-" is a file there.
        return _read(Path(file).absolute().parent / found.path, settings_of_plugin)
    return found


def _read(file: Path, settings_in: Callable[[Any], _Found]) -> _Found:
    """What *settings_in* finds in *file*; an empty file stands for the defaults. Raises ClickException."""
    documents = list(islice(read([str(file)]), 2))
    if not documents:
        return DEFAULTS
    first = documents[0]
    if isinstance(first, Unreadable):
        raise click.ClickException(problem_line(Problem(*first)))
    if len(documents) > 1:
        raise click.ClickException(
            f"{printable(str(file))}: a configuration is one document, this file has more."
        )
    try:
        return settings_in(first.object)
    except ConfigurationError as error:
        raise click.ClickException(f"{printable(str(file))}: {printable(str(error))}") from error
