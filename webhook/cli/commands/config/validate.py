"""``config validate``: what is wrong with a configuration, and what is doubtful about its exceptions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
import msgspec

from webhook.cli.configuration_file import Refused, exception_lines, loaded
from webhook.cli.examination import subjects_of
from webhook.cli.tally import CONFORMS, UNREADABLE, VIOLATES
from webhook.config import Loaded
from webhook.config.advice import Doubt, doubts_of_time, doubts_of_use
from webhook.config.workloads import rules_for
from webhook.manifests import Unreadable, read
from webhook.policy.pod import MalformedObject
from webhook.policy.relief import Subject
from webhook.policy.workloads import Workloads
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

    Exceptions that have expired, or will within 14 days, are told too. As JSON, also the rules that a webhook
    configuration must have to be asked about the kinds in `workloads`.

    The exit status is 0 where there is nothing to tell, 1 where an exception is doubtful, and 2 for a file
    that the webhook would refuse, or manifests that cannot be read.
    """
    problems: list[Problem] = []
    doubts: list[Doubt] = []
    lines: Sequence[int] = ()
    rules: Sequence[Mapping[str, Sequence[str]]] = ()
    try:
        configuration = loaded(Path(file))
    except Refused as refused:
        problems += refused.problems
    else:
        rules = rules_for(configuration.settings.workloads)
        doubts = _doubts(configuration, paths, problems)
        lines = exception_lines(configuration.files[-1]) if doubts else ()
    told = [(Problem(configuration.files[-1], lines[each.place], each.text), each) for each in doubts]
    text = _json(file, problems, told, rules) if form == "json" else _text(file, problems, told)
    click.echo(text, nl=False)
    if problems:
        return UNREADABLE
    return VIOLATES if doubts else CONFORMS


def _doubts(configuration: Loaded, paths: Sequence[str], problems: list[Problem]) -> list[Doubt]:
    exceptions = configuration.settings.exceptions
    found = list(doubts_of_time(exceptions, datetime.now(UTC).date()))
    if paths:
        subjects = list(_subjects(paths, configuration.settings.workloads, problems))
        # Of manifests that could not all be read, nobody knows what they lack.
        found += [] if problems else doubts_of_use(exceptions, subjects)
    return sorted(found)


def _subjects(paths: Iterable[str], workloads: Workloads, problems: list[Problem]) -> Iterator[Subject]:
    for item in read(paths):
        if isinstance(item, Unreadable):
            problems.append(Problem(*item))
            continue
        try:
            yield from list(subjects_of(item, workloads))
        except MalformedObject as error:
            problems.append(Problem(item.file, item.line, str(error)))


def _text(file: str, problems: Iterable[Problem], doubts: Iterable[tuple[Problem, Doubt]]) -> str:
    lines = [problem_line(each) for each in problems]
    lines += [
        problem_line(place._replace(message=f'exception "{doubt.exception}": {doubt.text}'))
        for place, doubt in doubts
    ]
    lines = lines or [problem_line(Problem(file, None, "nothing to complain of"))]
    return "".join(f"{line}\n" for line in lines)


def _json(
    file: str,
    problems: Iterable[Problem],
    doubts: Iterable[tuple[Problem, Doubt]],
    rules: Sequence[Mapping[str, Sequence[str]]],
) -> str:
    report = {
        **_HEAD,
        "file": file,
        "errors": [each._asdict() for each in problems],
        "doubts": [
            {"exception": doubt.exception, "line": place.line, "kind": doubt.kind, "message": doubt.text}
            for place, doubt in doubts
        ],
        **({"rules": rules} if rules else {}),
    }
    return f"{json_printable(msgspec.json.encode(report).decode())}\n"
