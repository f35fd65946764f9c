"""The option that says which reports are asked for, and where they go."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

import click

from webhook.policy.nearest import did_you_mean
from webhook.reports.formats import FORMATS
from webhook.reports.printable import printable

_Command = TypeVar("_Command", bound=Callable[..., Any])


class Output(NamedTuple):
    """A report that is asked for; ``file`` None is standard output."""

    format: str
    file: str | None = None


def output_option(command: _Command, *, formats: Sequence[str] = FORMATS) -> _Command:
    """``-o FORMAT[=FILE]``, as often as reports are wanted; FORMAT is one of *formats*."""
    return click.option(
        "-o",
        "--output",
        "outputs",
        metavar="FORMAT[=FILE]",
        multiple=True,
        callback=partial(_outputs, formats),
        shell_complete=partial(_completions, formats),
        help=f"Report: {' or '.join(formats)}; with =FILE to a file. Repeatable.  [default: text]",
    )(command)


def _outputs(
    formats: Sequence[str], _context: click.Context, _option: click.Parameter, values: Sequence[str]
) -> tuple[Output, ...]:
    """The reports that *values* ask for. Raises BadParameter, also for two reports in one place."""
    asked = tuple(_output(each, formats) for each in values) or (Output("text"),)
    places = [each.file and os.path.realpath(each.file) for each in asked]
    for output, place in zip(asked, places, strict=True):
        if places.count(place) > 1:
            name = "standard output" if output.file is None else printable(output.file)
            raise click.BadParameter(f"two reports to {name}; name another file, as in json=report.json.")
    return asked


def _output(value: str, formats: Sequence[str]) -> Output:
    name, equals, file = value.partition("=")
    if name not in formats:
        meant = did_you_mean(name, formats) or f"; known are {', '.join(formats)}."
        raise click.BadParameter(f'no format "{printable(name)}"{meant}')
    if equals and not file:
        raise click.BadParameter(f'"{value}" names no file.')
    return Output(name, None if file in {"", "-"} else file)


def _completions(
    formats: Sequence[str], _context: click.Context, _option: click.Parameter, begun: str
) -> list[str]:
    return [name for name in formats if name.startswith(begun)]
