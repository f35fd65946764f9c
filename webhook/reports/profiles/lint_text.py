"""The report of ``profile lint`` for people: a line for each finding, as compilers write theirs."""

from collections.abc import Iterator

from webhook.reports.formats import Look
from webhook.reports.formats.text import problem_line
from webhook.reports.printable import printable
from webhook.reports.profiles.linted import LintedFile, Linting
from webhook.reports.profiles.runtimes import on
from webhook.seccomp.lint import LintFinding, Severity

_BOLD, _DIM, _GREEN = 1, 2, 32
_COLORS = {Severity.ERROR: 31, Severity.WARNING: 33, Severity.NOTE: 36}


def lint_text(linting: Linting, look: Look) -> str:
    """The whole text. Of a profile the findings come by line."""
    return "".join(f"{line}\n" for line in _lines(linting, look))


def _lines(linting: Linting, look: Look) -> Iterator[str]:
    for file in linting.files:
        for found in file.findings:
            yield _line(file, found, linting, look)
    if look.lists_problems:
        yield from map(problem_line, linting.problems)
    if any(file.findings for file in linting.files):
        yield ""
    yield _summary(linting, look)
    worst = min(
        (found for file in linting.files for found in file.findings),
        key=lambda found: list(Severity).index(found.lint.severity),
        default=None,
    )
    if worst is not None:
        yield f"Why, and what to do: {look.program} explain {worst.lint.id}"


def _line(file: LintedFile, found: LintFinding, linting: Linting, look: Look) -> str:
    severity = found.lint.severity
    place = _painted(_BOLD, f"{printable(file.name)}:{found.place.line}:", look)
    kind = _painted(_COLORS[severity], f"{severity}:", look)
    lint = _painted(_DIM, f"[{found.lint.id}]", look)
    return f"{place} {kind} {printable(found.message)}{on(found.runtimes, linting.runtimes)} {lint}"


def _summary(linting: Linting, look: Look) -> str:
    number = len(linting.files)
    profiles = f"{number:,} profile{'' if number == 1 else 's'}"
    told = [
        _painted(_COLORS[severity], f"{count:,} {severity}{'' if count == 1 else 's'}", look)
        for severity, count in linting.counts.items()
        if count
    ]
    found = ", ".join(told) or (_painted(_GREEN, "nothing found", look) if number else "nothing to look at")
    unread = len(linting.problems)
    problems = f"; {unread:,} could not be read" if unread else ""
    return f"{profiles}: {found}{problems}"


def _painted(color: int, text: str, look: Look) -> str:
    return f"\x1b[{color}m{text}\x1b[0m" if look.has_color else text
