"""``profile judge``: a profile beside RuntimeDefault."""

from typing import Any, Final

import click

from webhook.cli.output import Output, output_option_of
from webhook.cli.profile_reports import Problems, by_answer, documents, write_reports
from webhook.cli.standard_input import paths_or_standard_input
from webhook.cli.tally import CONFORMS, UNREADABLE, VIOLATES
from webhook.cli.targets import target_options, targets_of
from webhook.reports.profiles.judged import Judged, judged_json, judged_text
from webhook.reports.verdict import Problem
from webhook.seccomp.defaults import UnknownArchitecture
from webhook.seccomp.document import Document
from webhook.seccomp.judge import Judgment, judge
from webhook.seccomp.loaded import NotStarted, Unjudged
from webhook.seccomp.profile import Unreadable
from webhook.seccomp.target import Target

FORMATS: Final = ("json", "text")
_EXAMPLES: Final = """\b
Examples:
  seccomp-webhook profile judge cart.json
  seccomp-webhook profile judge --runtime cri-o+crun --cap-drop ALL cart.json
"""


@click.command(epilog=_EXAMPLES, short_help="Compare with RuntimeDefault.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@target_options
@output_option_of(FORMATS)
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    paths: tuple[str, ...],
    outputs: tuple[Output, ...],
    **options: Any,  # noqa: ANN401 - those of target_options, of several types
) -> int:
    """Say what a profile is beside RuntimeDefault, for this container on these runtimes.

    The class is none (nothing is restricted), weaker, equal, stricter or incomparable. With it come the calls
    that the profile opens, the dangerous ones first, each with the line that opens it, and those that it
    closes.

    PATH is a file, a folder, or - for standard input. The exit status is 0 where all are equal or stricter, 1
    where one is not or does not start, and 2 for wrong use or a file that no runtime reads.
    """
    targets = targets_of(options)
    problems = Problems()
    judged = []
    for name, document in documents(paths_or_standard_input(paths, context), targets, problems):
        try:
            judged.append((name, _judged(document, targets)))
        except Unjudged as unjudged:
            problems.tell(Problem(name, None, str(unjudged)))
    asked = tuple(target.runtime for target in targets)
    reports = {
        "json": lambda _: judged_json(judged, problems.told),
        "text": lambda _: "\n".join(judged_text(name, each, asked) for name, each in judged),
    }
    write_reports(outputs, context.find_root().info_name or "", reports)
    if problems.told:
        return UNREADABLE
    return CONFORMS if all(each.is_good for _, found in judged for each in found) else VIOLATES


def _judged(document: Document, targets: tuple[Target, ...]) -> list[Judged]:
    return [
        Judged(runtimes, answer, targets[0].architecture)
        for runtimes, answer in by_answer(targets, lambda target: _answer(document, target))
    ]


def _answer(document: Document, target: Target) -> Judgment | NotStarted:
    try:
        return judge(document.read_by(target), target)
    except NotStarted as refused:
        return refused
    except Unreadable as unreadable:
        return NotStarted(unreadable.problem, unreadable.place)
    except UnknownArchitecture as unknown:
        raise click.ClickException(f"the default profile for {unknown} is not known") from unknown
