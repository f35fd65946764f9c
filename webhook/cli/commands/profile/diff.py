"""``profile diff``: what another profile does otherwise."""

from typing import Any, Final

import click

from webhook.cli.output import Output, output_option_of
from webhook.cli.profile_reports import by_answer, one_document, write_reports
from webhook.cli.tally import CONFORMS, VIOLATES
from webhook.cli.targets import target_options, targets_of
from webhook.reports.profiles.compared import Compared, OneDoesNotStart, compared_json, compared_text
from webhook.seccomp.comparison import Comparison, compare
from webhook.seccomp.document import Document
from webhook.seccomp.load import load
from webhook.seccomp.loaded import Loaded, NotStarted, Unjudged
from webhook.seccomp.profile import Unreadable
from webhook.seccomp.target import Target

FORMATS: Final = ("json", "text")
_EXAMPLES: Final = """\b
Examples:
  seccomp-webhook profile diff old.json new.json
  seccomp-webhook profile diff --runtime containerd+runc --cap-add SYS_ADMIN docker.json oci.json
"""


@click.command(epilog=_EXAMPLES, short_help="Say what another profile does otherwise.")
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@target_options
@output_option_of(FORMATS)
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    before: str,
    after: str,
    outputs: tuple[Output, ...],
    **options: Any,  # noqa: ANN401 - those of target_options, of several types
) -> int:
    """Compare two profiles by what is loaded, not by their text: order and form of rules make no difference.

    A line tells what AFTER opens (+), closes (-) or answers otherwise (~), with the lines that decide; of a
    call that differs for some arguments only, an example is given. One of the two may be - for standard
    input.

    The exit status is 0 where they are the same on all runtimes asked about, 1 where not, 2 for wrong use or
    a file that cannot be read.
    """
    if before == after == "-":
        raise click.UsageError("Standard input (-) can be read only once.", context)
    targets = targets_of(options)
    one, other = one_document(before, targets), one_document(after, targets)
    compared = [
        Compared(runtimes, answer)
        for runtimes, answer in by_answer(targets, lambda target: _compared(one, other, target))
    ]
    asked = tuple(target.runtime for target in targets)
    files = before, after
    reports = {
        "json": lambda _: compared_json(files, compared),
        "text": lambda _: compared_text(files, compared, asked, targets[0].architecture),
    }
    write_reports(outputs, context.find_root().info_name or "", reports)
    return CONFORMS if all(each.is_same for each in compared) else VIOLATES


def _compared(one: Document, other: Document, target: Target) -> Comparison | OneDoesNotStart:
    before, after = _loaded(one, target), _loaded(other, target)
    if isinstance(before, Loaded) and isinstance(after, Loaded):
        return compare(before, after)
    return OneDoesNotStart(
        before if isinstance(before, NotStarted) else None, after if isinstance(after, NotStarted) else None
    )


def _loaded(document: Document, target: Target) -> Loaded | NotStarted:
    try:
        return load(document.read_by(target), target)
    except NotStarted as refused:
        return refused
    except Unreadable as unreadable:
        return NotStarted(unreadable.problem, unreadable.place)
    except Unjudged as unjudged:
        raise click.ClickException(str(unjudged)) from unjudged
