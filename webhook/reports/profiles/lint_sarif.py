"""The report of ``profile lint`` for code scanning: SARIF.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

import string
from typing import Any, Final

from webhook import __version__
from webhook.reports.formats.json import encoded
from webhook.reports.printable import without_surrogates
from webhook.reports.profiles.linted import LintedFile, Linting
from webhook.reports.profiles.runtimes import on
from webhook.reports.verdict import Problem
from webhook.seccomp.lint import Lint, LintFinding
from webhook.seccomp.target import Runtime

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_UNRESERVED: Final = frozenset(f"{string.ascii_letters}{string.digits}-._~/".encode())


def lint_sarif(linting: Linting) -> str:
    """The whole report, with a rule for each lint that found something."""
    found = {each.lint.id: each.lint for file in linting.files for each in file.findings}
    rules = [found[name] for name in sorted(found)]
    index = {rule.id: at for at, rule in enumerate(rules)}
    driver = {
        "name": "seccomp-webhook",
        "semanticVersion": __version__,
        "rules": [_rule(each) for each in rules],
    }
    invocation = {
        "executionSuccessful": not linting.problems,
        "toolExecutionNotifications": [_notification(each) for each in linting.problems],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "results": [
            _result(file, each, index[each.lint.id], linting.runtimes)
            for file in linting.files
            for each in file.findings
        ],
        "columnKind": "unicodeCodePoints",
    }
    return f"{encoded({'$schema': _SCHEMA, 'version': '2.1.0', 'runs': [run]})}\n"


def _rule(lint: Lint) -> dict[str, Any]:
    return {
        "id": lint.id,
        "shortDescription": {"text": lint.title},
        "fullDescription": {"text": lint.why.replace("`", "")},
        "help": {"text": lint.advice.replace("`", ""), "markdown": lint.advice},
        "defaultConfiguration": {"level": str(lint.severity)},
    }


def _result(file: LintedFile, found: LintFinding, index: int, asked: tuple[Runtime, ...]) -> dict[str, Any]:
    return {
        "ruleId": found.lint.id,
        "ruleIndex": index,
        "level": str(found.lint.severity),
        "message": {"text": f"{found.message}{on(found.runtimes, asked)}"},
        "locations": [_location(file.name, found.place.line)],
        "properties": {
            "path": found.place.path,
            "runtimes": [str(runtime) for runtime in found.runtimes],
        },
    }


def _notification(problem: Problem) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": problem.message},
        "locations": [_location(problem.file, problem.line)],
    }


def _location(file: str, line: int | None) -> dict[str, Any]:
    region = {} if line is None else {"region": {"startLine": line}}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}, **region}}


def _uri(file: str) -> str:
    """A reference to *file*: relative as it was named, with all that a URI may not hold escaped."""
    if file == "-":
        return "stdin"
    prefix = "file://" if file.startswith("/") else ""
    octets = without_surrogates(file).encode()
    return prefix + "".join([chr(each) if each in _UNRESERVED else f"%{each:02X}" for each in octets])
