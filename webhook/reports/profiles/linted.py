"""What ``profile lint`` found, as a value."""

from collections import Counter
from typing import NamedTuple

from webhook.reports.verdict import Problem
from webhook.seccomp.lint import LintFinding, Severity
from webhook.seccomp.target import Runtime


class LintedFile(NamedTuple):
    """A profile and what was found in it."""

    name: str
    findings: tuple[LintFinding, ...]


class Linting(NamedTuple):
    """A whole run: the runtimes asked about, the profiles, and what could not be read."""

    runtimes: tuple[Runtime, ...]
    files: tuple[LintedFile, ...]
    problems: tuple[Problem, ...]

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings there are of each severity, the worst first."""
        counted = Counter(found.lint.severity for file in self.files for found in file.findings)
        return {severity: counted[severity] for severity in Severity}
