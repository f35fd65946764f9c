"""The report for programs: one JSON object of kind CheckReport, one verdict a line."""

from collections.abc import Sequence
from typing import Any

import msgspec

from webhook.policy.path import dotted
from webhook.reports.formats import Look
from webhook.reports.printable import json_printable, without_surrogates
from webhook.reports.verdict import OffendingField, Problem, Summary, Verdict, Violation

API_VERSION = "seccomp-webhook.io/v1"


class JsonReport:
    """``tests/reports/contract.py`` holds every report to its members and their types."""

    separator = ",\n"
    streams = False

    def verdict(self, verdict: Verdict) -> str:
        """An element of ``results``."""
        source, name = verdict.source, verdict.object
        return encoded(
            {
                "source": {"file": source.file, "document": source.document, "line": source.line},
                "object": {
                    "apiVersion": name.api_version,
                    "kind": name.kind,
                    "namespace": name.namespace,
                    "name": name.name,
                },
                "level": str(verdict.standard.level),
                "version": str(verdict.standard.version),
                "allowed": verdict.allowed,
                "highestLevel": str(verdict.highest_level),
                "message": verdict.message,
                "violations": [_violation(each) for each in verdict.violations],
                # Reports of runs without a configuration say nothing of it.
                **({"exceptions": verdict.exceptions} if verdict.exceptions else {}),
            }
        )

    def head(self, summary: Summary) -> str:
        """All up to the first element of ``results``."""
        counts = {
            "objects": summary.objects,
            "pods": summary.pods,
            "allowed": summary.allowed,
            "denied": summary.denied,
            "errors": summary.errors,
        }
        opening = encoded({"apiVersion": API_VERSION, "kind": "CheckReport", "summary": counts})
        return f'{opening[:-1]},"results":[\n'

    def tail(self, _summary: Summary, problems: Sequence[Problem]) -> str:
        """The end of ``results``, and ``errors``."""
        errors = "".join([f"\n{encoded(each._asdict())}," for each in problems])
        return f'\n],"errors":[{errors[:-1]}]}}\n'


def report(_look: Look) -> JsonReport:
    """The report in JSON, which looks the same everywhere."""
    return JsonReport()


def _violation(violation: Violation) -> dict[str, Any]:
    return {
        "control": violation.control,
        "level": str(violation.level),
        "reason": violation.reason,
        "detail": violation.detail,
        "fields": [_field(each) for each in violation.fields],
    }


def _field(field: OffendingField) -> dict[str, Any]:
    return {
        "path": dotted(field.path),
        "container": field.container,
        "line": field.line,
        "value": field.value,
    }


def encoded(value: Any) -> str:  # noqa: ANN401 - anything that JSON can hold
    """*value* as JSON of one line that is safe to show."""
    try:
        text = msgspec.json.encode(value)
    except UnicodeEncodeError:
        text = msgspec.json.encode(_without_surrogates(value))
    return json_printable(text.decode())


def _without_surrogates(value: Any) -> Any:  # noqa: ANN401 - anything that JSON can hold
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, dict):
        return {without_surrogates(name): _without_surrogates(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_surrogates(member) for member in value]
    return value
