"""The JSON report as its readers are promised it: every member there, of its type, and no other."""

from typing import Any, Literal

from msgspec import Struct, json

Level = Literal["privileged", "baseline", "restricted"]


class Exact(Struct, forbid_unknown_fields=True, rename="camel"):
    """An object with these members and no others."""


class Counts(Exact):
    objects: int
    pods: int
    allowed: int
    denied: int
    errors: int


class Source(Exact):
    file: str
    document: int
    line: int


class Named(Exact):
    api_version: str
    kind: str
    namespace: str | None
    name: str | None


class Field(Exact):
    path: str
    container: str | None
    line: int
    value: Any


class Violation(Exact):
    control: str
    level: Level
    reason: str
    detail: str
    fields: list[Field]


class Result(Exact):
    source: Source
    object: Named
    level: Level
    version: str
    allowed: bool
    highest_level: Level
    message: str
    violations: list[Violation]
    exceptions: list[str] = []


class Problem(Exact):
    file: str
    line: int | None
    message: str


class CheckReport(Exact, tag_field="kind", tag="CheckReport"):
    api_version: Literal["seccomp-webhook.io/v1"]
    summary: Counts
    results: list[Result]
    errors: list[Problem]


def read_report(text: str) -> CheckReport:
    """The report that *text* is; what is promised of its parts together holds too."""
    report = json.decode(text, type=CheckReport)
    summary = report.summary
    assert summary.errors == len(report.errors)
    assert summary.pods == len(report.results) == summary.allowed + summary.denied <= summary.objects
    assert summary.denied == sum(not each.allowed for each in report.results)
    for result in report.results:
        assert result.allowed is not bool(result.violations)
        assert result.source.document >= 1
        for violation in result.violations:
            assert violation.fields
            assert all(field.line >= 1 for field in violation.fields)
    return report
