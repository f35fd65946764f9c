"""``profile lint``: what somebody will trip over, by file and line."""

from typing import Any, Final

import click

from webhook.cli.output import Output, output_option_of
from webhook.cli.profile_reports import Problems, documents, write_reports
from webhook.cli.standard_input import paths_or_standard_input
from webhook.cli.tally import CONFORMS, UNREADABLE, VIOLATES
from webhook.cli.targets import target_options, targets_of
from webhook.reports.profiles.lint_json import lint_json
from webhook.reports.profiles.lint_sarif import lint_sarif
from webhook.reports.profiles.lint_text import lint_text
from webhook.reports.profiles.linted import LintedFile, Linting
from webhook.reports.verdict import Problem
from webhook.seccomp.lint import Severity
from webhook.seccomp.linting import lint
from webhook.seccomp.loaded import Unjudged

FORMATS: Final = ("json", "sarif", "text")
_EXAMPLES: Final = """\b
Examples:
  seccomp-webhook profile lint profiles/
  seccomp-webhook profile lint --runtime containerd+runc --fail-on warning cart.json
  seccomp-webhook profile lint -o sarif=lint.sarif profiles/
"""


@click.command(epilog=_EXAMPLES, short_help="Find what somebody will trip over.")
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
    context: click.Context,
    /,
    *,
    paths: tuple[str, ...],
    fail_on: str,
    outputs: tuple[Output, ...],
    **options: Any,  # noqa: ANN401 - those of target_options, of several types
) -> int:
    """Find what is wrong in seccomp profiles, with the line, on which runtimes, and what to do.

    PATH is a file, a folder, or - for standard input, which is also read where no PATH is given. Profiles are
    JSON in any dialect, or SeccompProfile objects of the security-profiles-operator.

    The exit status is 0 where nothing of --fail-on or worse was found, 1 where something was, and 2 for wrong
    use or a file that no runtime reads: the others are looked at all the same.
    """
    targets = targets_of(options)
    problems = Problems()
    files = []
    for name, document in documents(paths_or_standard_input(paths, context), targets, problems):
        try:
            files.append(LintedFile(name, lint(document, targets)))
        except Unjudged as unjudged:
            problems.tell(Problem(name, None, str(unjudged)))
    linting = Linting(tuple(target.runtime for target in targets), tuple(files), tuple(problems.told))
    reports = {
        "json": lambda _: lint_json(linting),
        "sarif": lambda _: lint_sarif(linting),
        "text": lambda look: lint_text(linting, look),
    }
    write_reports(outputs, context.find_root().info_name or "", reports)
    if problems.told:
        return UNREADABLE
    worst = list(Severity)[: list(Severity).index(Severity(fail_on)) + 1]
    return VIOLATES if any(linting.counts[severity] for severity in worst) else CONFORMS
