"""``profile lint``: what somebody will trip over, by file and line."""

import sys
from typing import Any, Final

import click

from webhook.cli.output import Output, output_option_of
from webhook.cli.profile_files import profile_files
from webhook.cli.sink import place_of
from webhook.cli.tally import CONFORMS, UNREADABLE, VIOLATES
from webhook.cli.targets import target_options, targets_of
from webhook.cli.color import has_color
from webhook.reports.formats import Look
from webhook.reports.formats.text import problem_line
from webhook.reports.profiles.lint_json import lint_json
from webhook.reports.profiles.lint_sarif import lint_sarif
from webhook.reports.profiles.lint_text import lint_text
from webhook.reports.profiles.linted import LintedFile, Linting
from webhook.reports.verdict import Problem
from webhook.seccomp.lint import Severity
from webhook.seccomp.linting import lint
from webhook.seccomp.profile import Unreadable
from webhook.seccomp.target import Target

FORMATS: Final = ("json", "sarif", "text")


@click.command(short_help="Find what somebody will trip over.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@target_options
@click.option(
    "--fail-on",
    type=click.Choice([str(severity) for severity in Severity]),
    default=str(Severity.ERROR),
    show_default=True,
    help="The exit status is 1 from this severity on.",
)
@output_option_of(FORMATS)
@click.pass_context
def command(
    context: click.Context, *, paths: tuple[str, ...], fail_on: str, outputs: tuple[Output, ...], **options: Any  # noqa: ANN401 - those of target_options
) -> int:
    """Find what is wrong in seccomp profiles, with the line, on which runtimes, and what to do.

    PATH is a file, a folder, or - for standard input, which is also read where no PATH is given. Profiles are
    JSON in any dialect, or SeccompProfile objects of the security-profiles-operator.

    The exit status is 0 where nothing of --fail-on or worse was found, 1 where something was, and 2 for wrong
    use or a file that no runtime reads: the others are looked at all the same.

    \b
    Examples:
      seccomp-webhook profile lint profiles/
      seccomp-webhook profile lint --runtime containerd+runc --fail-on warning cart.json
      seccomp-webhook profile lint -o sarif=lint.sarif profiles/
    """
    if not paths and sys.stdin is not None and sys.stdin.isatty():
        raise click.UsageError("Nothing to look at: name files or folders, or - for standard input.", context)
    if paths.count("-") > 1:
        raise click.UsageError("Standard input (-) can be read only once.", context)
    linting = _lint(paths or ("-",), targets_of(options))
    for output in outputs:
        _write(output, linting, context.find_root().info_name or "")
    if linting.problems:
        return UNREADABLE
    worst = list(Severity)[: list(Severity).index(Severity(fail_on)) + 1]
    return VIOLATES if any(linting.counts[severity] for severity in worst) else CONFORMS


def _lint(paths: tuple[str, ...], targets: tuple[Target, ...]) -> Linting:
    files: list[LintedFile] = []
    problems: list[Problem] = []
    for found in profile_files(paths):
        try:
            if not isinstance(found, Problem):
                files.append(LintedFile(found.name, lint(found.content, targets)))
                continue
            problem = found
        except Unreadable as unreadable:
            problem = Problem(found.name, unreadable.place.line, unreadable.problem)
        problems.append(problem)
        click.echo(problem_line(problem), err=True)
    if not files and not problems:
        problems = [Problem(path, None, "no profile in here") for path in paths]
        click.echo("\n".join(map(problem_line, problems)), err=True)
    return Linting(tuple(target.runtime for target in targets), tuple(files), tuple(problems))


def _write(output: Output, linting: Linting, program: str) -> None:
    with place_of(output) as place:
        look = Look(
            program,
            has_color=output.file is None and has_color(place),
            lists_problems=output.file is not None,
        )
        reports = {
            "json": lambda: lint_json(linting),
            "sarif": lambda: lint_sarif(linting),
            "text": lambda: lint_text(linting, look),
        }
        place.write(reports[output.format]().encode("utf-8", "backslashreplace"))
        place.flush()
