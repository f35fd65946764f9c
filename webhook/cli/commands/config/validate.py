"""``config validate``: what is wrong with a configuration, and what is doubtful about its exceptions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
import msgspec

from webhook.cli.configuration_file import Refused, exception_lines, loaded
from webhook.cli.examination import subject_of
from webhook.cli.tally import CONFORMS, UNREADABLE, VIOLATES
from webhook.config import Loaded
from webhook.config.advice import Doubt, doubts_of_time, doubts_of_use
from webhook.manifests import Unreadable, read
from webhook.policy.pod import MalformedObject
from webhook.policy.relief import Subject
from webhook.reports.formats.text import problem_line
from webhook.reports.printable import json_printable
from webhook.reports.verdict import Problem

_HEAD: Final = {"apiVersion": "seccomp-webhook.io/v1", "kind": "ConfigurationReport"}


@click.command(short_help="Check a configuration, and its exceptions.")
@click.argument("file", metavar="FILE")
@click.option(
    "--manifests",
    "paths",
    metavar="PATH",
    multiple=True,
    help="File or folder of manifests: tells exceptions that match nothing in it, or everything. Repeatable.",
)
@click.option(
    "-o", "--output", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(*, file: str, paths: tuple[str, ...], form: str) -> int:
    """Tell what is wrong with the configuration FILE, with file and line.

    Exceptions that have expired, or will within 14 days, are told too.

    The exit status is 0 where there is nothing to tell, 1 where an exception is doubtful, and 2 for a file
    that the webhook would refuse, or manifests that cannot be read.
    """
    problems: list[Problem] = []
    doubts: list[Doubt] = []
    lines: Sequence[int] = ()
    try:
        configuration = loaded(Path(file))
    except Refused as refused:
        problems += refused.problems
    else:
        doubts = _doubts(configuration, paths, problems)
        lines = exception_lines(configuration.files[-1]) if doubts else ()
    told = [(Problem(configuration.files[-1], lines[each.place], each.text), each) for each in doubts]
    click.echo(_json(file, problems, told) if form == "json" else _text(file, problems, told), nl=False)
    if problems:
        return UNREADABLE
    return VIOLATES if doubts else CONFORMS


def _doubts(configuration: Loaded, paths: Sequence[str], problems: list[Problem]) -> list[Doubt]:
    exceptions = configuration.settings.exceptions
    found = list(doubts_of_time(exceptions, datetime.now(UTC).date()))
    if paths:
        subjects = list(_subjects(paths, problems))
        # Of manifests that could not all be read, nobody knows what they lack.
        found += [] if problems else doubts_of_use(exceptions, subjects)
    return sorted(found)


def _subjects(paths: Iterable[str], problems: list[Problem]) -> Iterator[Subject]:
    for item in read(paths):
        if isinstance(item, Unreadable):
            problems.append(Problem(*item))
            continue
        try:
            subject = subject_of(item)
        except MalformedObject as error:
            problems.append(Problem(item.file, item.line, str(error)))
        else:
            if subject is not None:
                yield subject


def _text(file: str, problems: Iterable[Problem], doubts: Iterable[tuple[Problem, Doubt]]) -> str:
    lines = [problem_line(each) for each in problems]
    lines += [
        problem_line(place._replace(message=f'exception "{doubt.exception}": {doubt.text}'))
        for place, doubt in doubts
    ]
    lines = lines or [problem_line(Problem(file, None, "nothing to complain of"))]
    return "".join(f"{line}\n" for line in lines)


def _json(file: str, problems: Iterable[Problem], doubts: Iterable[tuple[Problem, Doubt]]) -> str:
    report = {
        **_HEAD,
        "file": file,
        "errors": [each._asdict() for each in problems],
        "doubts": [
            {"exception": doubt.exception, "line": place.line, "kind": doubt.kind, "message": doubt.text}
            for place, doubt in doubts
        ],
    }
    return f"{json_printable(msgspec.json.encode(report).decode())}\n"
