"""``profile convert``: the same profile in another dialect, exactly or not at all."""

from typing import Any, Final

import click

from webhook.cli.profile_reports import one_document, refuse, write_profile
from webhook.cli.tally import CONFORMS, VIOLATES
from webhook.cli.targets import target_options, targets_of
from webhook.reports.formats.text import problem_line
from webhook.reports.verdict import Problem
from webhook.seccomp.dialects import Dialect, Inexact, convert, guess, render, resolve
from webhook.seccomp.document import Document
from webhook.seccomp.profile import Profile, Unreadable
from webhook.seccomp.target import Target

_DIALECTS: Final = [str(dialect) for dialect in Dialect]
_EXAMPLES: Final = """\b
Examples:
  seccomp-webhook profile convert --to docker cart.json
  seccomp-webhook profile convert --to oci --decide --runtime docker+runc --cap-add SYS_TIME default.json
"""


@click.command(epilog=_EXAMPLES, short_help="Write in another dialect, exactly or not at all.")
@click.argument("file", metavar="FILE")
@click.option(
    "--from", "source", type=click.Choice(_DIALECTS), help="Dialect of FILE.  [default: by its keys]"
)
@click.option("--to", "wanted", type=click.Choice(_DIALECTS), required=True, help="Dialect that is wanted.")
@click.option("--name", default="profile", show_default=True, help="Name of the object, with --to operator.")
@click.option(
    "--decide", is_flag=True, help="Settle what depends on container and node, for those named here."
)
@click.option(
    "-o", "--output", "file_out", metavar="FILE", help="Where to write.  [default: standard output]"
)
@target_options
@click.pass_context
def command(  # noqa: PLR0913 - an argument for each option
    context: click.Context,
    /,
    *,
    file: str,
    source: str | None,
    wanted: str,
    name: str,
    decide: bool,
    file_out: str | None,
    **options: Any,  # noqa: ANN401 - those of target_options, of several types
) -> int:
    """Write the profile FILE in another dialect.

    oci is what containerd reads, docker what Docker reads, containers-common what CRI-O and Podman read, and
    operator an object of the security-profiles-operator. The result has the same meaning on every node, or
    there is none, and the reasons are told.

    Conditions on capabilities, architecture or kernel cannot be said in oci and operator; --decide settles
    them as one --runtime does for the container and node that the other options name.

    The exit status is 0 where it is written, 1 where it cannot be said in that dialect, 2 for wrong use or a
    file that cannot be read.
    """
    targets = targets_of(options)
    if decide and len(targets) != 1:
        raise click.UsageError("--decide needs one --runtime, whose reading is meant.", context)
    document = one_document(file, [])
    try:
        if decide:
            content = render(_decided(document, targets[0]), Dialect(wanted), name=name)
        else:
            dialect = Dialect(source) if source else guess(document.content)
            content = convert(document.content, dialect, Dialect(wanted), name=name)
    except Inexact as inexact:
        return refuse(f"{wanted} cannot say exactly that", inexact.reasons, VIOLATES)
    except Unreadable as unreadable:
        problem = Problem(file, unreadable.place.line, unreadable.problem)
        raise click.ClickException(problem_line(problem)) from unreadable
    write_profile(content, file_out)
    return CONFORMS


def _decided(document: Document, target: Target) -> Profile:
    """The profile as the reader of *target* hands it on. Raises Unreadable, and Inexact where it is none."""
    resolved = resolve(document.read_by(target), target)
    if resolved is None:
        raise Inexact(("the reader takes it for no filter, and the container runs unconfined",))
    return resolved
