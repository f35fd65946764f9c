"""The option that says which reports are asked for, and where they go."""

import os
from collections.abc import Callable, Sequence
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


def output_option(command: _Command) -> _Command:
    """``-o FORMAT[=FILE]``, as often as reports are wanted."""
    return output_option_of(FORMATS)(command)


def output_option_of(formats: Sequence[str]) -> Callable[[_Command], _Command]:
    """The same for a command whose reports have other *formats*; ``text`` is one of them."""
    return click.option(
        "-o",
        "--output",
        "outputs",
        metavar="FORMAT[=FILE]",
        multiple=True,
        callback=lambda _context, _option, values: _outputs(values, formats),
        shell_complete=lambda _context, _option, begun: [name for name in formats if name.startswith(begun)],
        help=f"Report: {' or '.join(formats)}; with =FILE to a file. Repeatable.  [default: text]",
    )


def _outputs(values: Sequence[str], formats: Sequence[str]) -> tuple[Output, ...]:
    """The reports that *values* ask for. Raises BadParameter, also for two reports in one place."""
    asked = tuple(_output(value, formats) for value in values) or (Output("text"),)
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
