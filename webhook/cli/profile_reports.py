"""What the commands about profiles have in common: one answer for several runtimes, and where reports go."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import click

from webhook.cli.color import has_color
from webhook.cli.output import Output
from webhook.cli.profile_files import ProfileFile, one_file, profile_files
from webhook.cli.sink import place_of
from webhook.reports.formats import Look
from webhook.reports.formats.text import problem_line
from webhook.reports.printable import json_printable, printable
from webhook.reports.verdict import Problem
from webhook.seccomp.document import Document
from webhook.seccomp.profile import Unreadable
from webhook.seccomp.sight import shortened
from webhook.seccomp.target import Runtime, Target

_Answer = TypeVar("_Answer")


def by_answer(
    targets: Iterable[Target], answer_of: Callable[[Target], _Answer]
) -> list[tuple[tuple[Runtime, ...], _Answer]]:
    """What *answer_of* says to each target, the same answer once with all its runtimes."""
    found: list[tuple[list[Runtime], _Answer]] = []
    for target in targets:
        answer = answer_of(target)
        for runtimes, known in found:
            if _is_same(known, answer):
                runtimes.append(target.runtime)
                break
        else:
            found.append(([target.runtime], answer))
    return [(tuple(runtimes), answer) for runtimes, answer in found]


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, Exception) and isinstance(other, Exception):
        return str(one) == str(other)
    return one == other


def documents(
    paths: Sequence[str], targets: Sequence[Target], problems: "Problems"
) -> Iterator[tuple[str, Document]]:
    """The profiles of *paths* that a reader of *targets* reads; the others go to *problems*."""
    is_empty = True
    for found in profile_files(paths):
        is_empty = False
        read = _document(found, targets)
        if isinstance(read, Problem):
            problems.tell(read)
        else:
            yield found.name, read  # type: ignore[union-attr]  # a problem is read as a problem
    if is_empty:
        for path in paths:
            problems.tell(Problem(path, None, "no profile in here"))


def one_document(path: str, targets: Sequence[Target]) -> Document:
    """The profile *path*. Raises ClickException where it cannot be read."""
    read = _document(one_file(path), targets)
    if isinstance(read, Problem):
        raise click.ClickException(problem_line(read))
    return read


def _document(found: ProfileFile | Problem, targets: Sequence[Target]) -> Document | Problem:
    if isinstance(found, Problem):
        return found
    try:
        found.document.must_be_read_by_one_of(targets)
    except Unreadable as unreadable:
        return Problem(found.name, unreadable.place.line, shortened(unreadable.problem))
    return found.document


class Problems:
    """What could not be read: said at once, and kept for the reports."""

    def __init__(self) -> None:
        self.told: list[Problem] = []

    def tell(self, problem: Problem) -> None:
        """Say it on standard error, and keep it."""
        self.told.append(problem)
        click.echo(problem_line(problem), err=True)


def write_reports(
    outputs: Iterable[Output], program: str, reports: Mapping[str, Callable[[Look], str]]
) -> None:
    """Write the reports that are asked for, each where it is to go."""
    for output in outputs:
        with place_of(output) as place:
            look = Look(
                program,
                has_color=output.file is None and has_color(place),
                lists_problems=output.file is not None,
            )
            place.write(reports[output.format](look).encode("utf-8", "backslashreplace"))
            place.flush()


def write_profile(content: bytes, file: str | None) -> None:
    """Write a profile to *file*, or to standard output."""
    safe = "\n".join([json_printable(line) for line in content.decode().split("\n")])
    with place_of(Output("json", file)) as place:
        place.write(safe.encode())
        place.flush()


def refuse(what: str, reasons: Iterable[str], status: int) -> int:
    """Say why nothing is written; *status* is what comes back."""
    click.echo(f"Nothing is written: {what}.", err=True)
    for reason in reasons:
        click.echo(f"  {printable(shortened(reason))}", err=True)
    return status
