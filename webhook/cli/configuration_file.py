"""A configuration file, and the one that it may name."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from stat import S_ISREG
from typing import Any, Final, TypeVar

import click

from webhook.config import (
    DEFAULTS,
    OWN_KIND,
    ConfigurationError,
    Loaded,
    PluginFile,
    Settings,
    settings_of,
    settings_of_plugin,
)
from webhook.config import Problem as ConfigurationProblem
from webhook.manifests import Document, Unreadable, read
from webhook.manifests.sources import STANDARD_INPUT
from webhook.reports.formats.text import problem_line
from webhook.reports.verdict import Problem

_NOT_REGULAR: Final = "a configuration is a regular file, this is none (- reads standard input)"
_Found = TypeVar("_Found", Settings, Settings | PluginFile)


class Refused(click.ClickException):
    """A file that holds no configuration, or a bad one; ``problems`` say where and why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(problem_line, self.problems)))


def loaded(file: Path) -> Loaded:
    """What *file* comes to. Raises Refused, which names the file and the field."""
    found = _read(file, settings_of)
    if isinstance(found, PluginFile):
        # As in the API server, a relative path starts where the file lies that names it; "-" is a file there.
        other = file.absolute().parent / found.path
        return Loaded(_read(other, settings_of_plugin), (str(file), str(other)))
    return Loaded(found, (str(file),))


def held_in(file: Path) -> Iterator[Document | Unreadable]:
    """The documents in *file*. Raises Refused for what is no regular file: a pipe may never end."""
    if str(file) != STANDARD_INPUT:
        # What is not there at all is told where it is read.
        with suppress(OSError, ValueError):
            if not S_ISREG(file.stat().st_mode):
                raise Refused([Problem(str(file), None, _NOT_REGULAR)])
    return read([str(file)])


def _read(file: Path, settings_of_document: Callable[[Any], _Found]) -> _Found:
    documents = list(islice(held_in(file), 2))
    if not documents:
        return DEFAULTS
    first = documents[0]
    if isinstance(first, Unreadable):
        raise Refused([Problem(*first)])
    if len(documents) > 1:
        raise Refused([Problem(str(file), None, "a configuration is one document, here are more.")])
    try:
        return settings_of_document(first.object)
    except ConfigurationError as error:
        if first.object["kind"] == OWN_KIND:
            told = sorted((_problem(first, each) for each in error.problems), key=_line_of)
            raise Refused(told) from error
        raise Refused([Problem(str(file), None, str(error))]) from error


def exception_lines(file: str) -> tuple[int, ...]:
    """The lines where the exceptions in *file* begin."""
    document = next(iter(read([file])), None)
    if not isinstance(document, Document):
        return ()
    return tuple(
        document.line_of(("exceptions", index))
        for index in range(len(document.object.get("exceptions") or ()))
    )


def _line_of(problem: Problem) -> int:
    return problem.line or 0


def _problem(document: Document, problem: ConfigurationProblem) -> Problem:
    return Problem(document.file, document.line_of(problem.path), str(problem))
