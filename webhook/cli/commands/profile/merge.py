"""``profile merge``: several profiles as one."""

from functools import reduce
from typing import Any, Final

import click

from webhook.cli.profile_reports import one_document, refuse, write_profile
from webhook.cli.tally import CONFORMS, VIOLATES
from webhook.cli.targets import target_options, targets_of
from webhook.seccomp.dialects import Dialect, Inexact, render
from webhook.seccomp.document import Document
from webhook.seccomp.loaded import NotStarted, Unjudged
from webhook.seccomp.merging import Way, merged
from webhook.seccomp.profile import Unreadable

_FEWEST: Final = 2
_EXAMPLES: Final = """\b
Examples:
  seccomp-webhook profile merge cart.json sidecar.json > both.json
  seccomp-webhook profile merge --intersection cart.json limits.json -o cart-limited.json
"""


@click.command(epilog=_EXAMPLES, short_help="Make one of several, exactly or not at all.")
@click.argument("files", nargs=-1, required=True, metavar="FILE FILE...")
@click.option(
    "--union/--intersection",
    "is_union",
    default=True,
    show_default=True,
    help="Let through what one of the files does, or what all of them do.",
)
@click.option("-o", "--output", "file", metavar="FILE", help="Where to write it.  [default: standard output]")
@target_options
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    files: tuple[str, ...],
    is_union: bool,
    file: str | None,
    **options: Any,  # noqa: ANN401 - those of target_options, of several types
) -> int:
    """Write one profile that lets through what one of the FILEs does (union), or all do (intersection).

    It is exact on all runtimes asked about, which is proved by comparing what they load; where rules cannot
    say it, there is none, and the reasons are told. What all refuse is refused as the first FILE does. The
    result is in the plain OCI form, for the architecture and the container that the options name.

    The exit status is 0 where it is written, 1 where there is no exact one or a file does not start, 2 for
    wrong use or a file that cannot be read.
    """
    if len(files) < _FEWEST:
        raise click.UsageError("Name two files or more.", context)
    if files.count("-") > 1:
        raise click.UsageError("Standard input (-) can be read only once.", context)
    targets = targets_of(options)
    way = Way.UNION if is_union else Way.INTERSECTION

    def both(one: Document, other: Document) -> Document:
        return Document(render(merged(one, other, way, targets), Dialect.OCI))

    try:
        result = reduce(both, [one_document(each, targets) for each in files])
    except Inexact as inexact:
        return refuse("no profile is exactly that", inexact.reasons, VIOLATES)
    except Unjudged as unjudged:
        raise click.ClickException(str(unjudged)) from unjudged
    except NotStarted as refused:
        return refuse("one of them does not start", (refused.problem,), VIOLATES)
    except Unreadable as unreadable:
        return refuse("one of the runtimes cannot read one of them", (unreadable.problem,), VIOLATES)
    write_profile(result.content, file)
    return CONFORMS
