"""``check``: whether manifests conform, before a cluster sees them."""

import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

import click

from webhook.cli.configuration import settings_option
from webhook.cli.examination import Question, examine
from webhook.cli.output import Output, output_option
from webhook.cli.progress import Progress
from webhook.cli.sink import Sink, sink_of
from webhook.cli.standard import level_option, version_option
from webhook.cli.tally import Tally
from webhook.manifests import Unreadable, read
from webhook.policy.standard import Level, Standard, Version
from webhook.reports.formats.text import problem_line
from webhook.reports.scope import scope
from webhook.reports.verdict import Problem

if TYPE_CHECKING:
    from webhook.config import Loaded

_STDIN = "-"


@click.command(short_help="Check manifests, before a cluster sees them.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@level_option
@version_option
@settings_option
@click.option(
    "--profiles",
    metavar="DIR",
    help="Folder of seccomp profiles, as a node's: tells of those that pods use and that are not in it.",
)
@output_option
@click.pass_context
def command(  # noqa: PLR0913 - an argument for each option
    context: click.Context,
    *,
    paths: tuple[str, ...],
    level: Level,
    version: Version,
    configuration: "Loaded | None",
    profiles: str | None,
    outputs: tuple[Output, ...],
) -> int:
    """Check manifests against the Pod Security Standards, as the cluster itself would.

    PATH is a file, a folder, or - for standard input, which is also read where no PATH is given.

    The exit status is 0 where everything conforms, 1 where something violates, and 2 for wrong use or
    input that could not be read: the rest is judged all the same.
    """
    if not paths and _is_terminal(sys.stdin):
        raise click.UsageError("Nothing to check: name files or folders, or - for standard input.", context)
    if paths.count(_STDIN) > 1:
        raise click.UsageError("Standard input (-) can be read only once.", context)
    question = Question(Standard(level, version))
    if configuration is not None:
        today = datetime.now(UTC).date()
        question = Question.of(question.standard, configuration.settings, today)
    if profiles is not None:
        from webhook.cli.checked_profiles import findings_against  # noqa: PLC0415 - most runs ask for none

        settings = configuration.settings if configuration else None
        question = question._replace(of_nodes=findings_against(profiles, settings, level))
    program = context.find_root().info_name or ""
    with ExitStack() as stack:
        sinks = [stack.enter_context(sink_of(output, program)) for output in outputs]
        tally = _examine(paths or (_STDIN,), question, sinks)
        for sink in sinks:
            sink.finish(tally.summary, tally.problems)
    return tally.exit_status


def _examine(paths: Sequence[str], question: Question, sinks: Iterable[Sink]) -> Tally:
    """Read *paths* once, and give each verdict to all *sinks*; problems are told at once."""
    asked = scope(question.standard, question.only, question.wanted)
    tally = Tally(question.standard, f"{asked} and LocalhostProfiles" if question.of_nodes else asked)
    progress = Progress(sys.stderr)
    for item in read(paths):
        progress.at(tally.objects, item.file)
        if isinstance(item, Unreadable):
            _tell(Problem(item.file, item.line, item.message), tally, progress)
            continue
        tally.objects += 1
        verdict, problems = examine(item, question)
        for problem in problems:
            _tell(problem, tally, progress)
        if verdict is not None:
            tally.count(verdict)
            if not verdict.allowed:
                progress.clear()
            for sink in sinks:
                sink.take(verdict)
    progress.clear()
    if not tally.objects and not tally.problems:
        for path in paths:
            _tell(Problem(path, None, "no Kubernetes object in here"), tally, progress)
    return tally


def _tell(problem: Problem, tally: Tally, progress: Progress) -> None:
    progress.clear()
    tally.problems.append(problem)
    click.echo(problem_line(problem), err=True)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()
