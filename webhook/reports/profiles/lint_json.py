"""The report of ``profile lint`` for programs: one JSON object of kind ProfileLintReport."""

from typing import Any

from webhook.reports.formats.json import API_VERSION, encoded
from webhook.reports.profiles.linted import Linting


def lint_json(linting: Linting) -> str:
    """The whole report. ``errors`` is what could not be read, as in a CheckReport."""
    report: dict[str, Any] = {
        "apiVersion": API_VERSION,
        "kind": "ProfileLintReport",
        "runtimes": [str(runtime) for runtime in linting.runtimes],
        "summary": {
            "profiles": len(linting.files),
            "findings": {str(severity): count for severity, count in linting.counts.items()},
            "errors": len(linting.problems),
        },
        "results": [
            {
                "file": file.name,
                "findings": [
                    {
                        "lint": found.lint.id,
                        "severity": str(found.lint.severity),
                        "line": found.place.line,
                        "path": found.place.path,
                        "message": found.message,
                        "runtimes": [str(runtime) for runtime in found.runtimes],
                    }
                    for found in file.findings
                ],
            }
            for file in linting.files
        ],
        "errors": [each._asdict() for each in linting.problems],
    }
    return f"{encoded(report)}\n"
