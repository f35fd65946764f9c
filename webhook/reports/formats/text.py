"""The report for people: what is refused, where it is written, what it is and what it must be."""

from collections.abc import Iterable, Sequence
from typing import Any

from webhook.nodes.controls import CONTROLS
from webhook.policy.path import dotted
from webhook.policy.standard import Level
from webhook.reports.formats import Look
from webhook.reports.printable import printable
from webhook.reports.verdict import (
    POD,
    Holder,
    ObjectName,
    OffendingField,
    Problem,
    Summary,
    Verdict,
    Violation,
)

_OF_NODES = frozenset(check.id for check in CONTROLS)
_LOCALHOST = "LocalhostProfiles"
# Of a longer value, such as forty capabilities, the beginning says enough.
_LONGEST_VALUE = 60

_BOLD, _DIM, _RED, _GREEN, _CYAN = 1, 2, 31, 32, 36


class TextReport:
    """A paragraph for each object that is refused; objects that conform are only counted."""

    separator = "\n"
    streams = True

    def __init__(self, look: Look) -> None:
        self._look = look
        self._example = ""

    def verdict(self, verdict: Verdict) -> str:
        """The paragraph about an object that is refused."""
        if verdict.allowed:
            return ""
        self._example = self._example or verdict.violations[-1].control
        file = printable(verdict.source.file)
        title = self._painted(_BOLD, f"{file}:{verdict.source.line}: {_named(verdict.object)}")
        is_of_nodes = [each.control in _OF_NODES for each in verdict.violations]
        broken = [str(verdict.standard)] if not all(is_of_nodes) else []
        broken += [_LOCALHOST] if any(is_of_nodes) else []
        sentence = self._painted(_RED, f"would violate {' and '.join(broken)}")
        lines = [f"{title} {sentence}{_about_baseline(verdict) if broken[0] != _LOCALHOST else ''}"]
        for violation in verdict.violations:
            lines += self._violation(file, violation)
        return "\n".join([*lines, ""])

    def head(self, _summary: Summary) -> str:
        """Nothing: the summary comes last, where a reader of a terminal looks."""
        return ""

    def tail(self, summary: Summary, problems: Sequence[Problem]) -> str:
        """What could not be read, and the summary."""
        lines = [problem_line(each) for each in problems] if self._look.lists_problems else []
        if summary.denied or lines:
            lines.insert(0, "")
        lines.append(self._summary(summary))
        if summary.denied:
            lines.append(f"More about a control: {self._look.program} explain {self._example}")
        return "\n".join([*lines, ""])

    def _violation(self, file: str, violation: Violation) -> Iterable[str]:
        control = self._painted(_CYAN, violation.control)
        said = f"{violation.reason} ({violation.detail})" if violation.detail else violation.reason
        yield f"  {control}: {printable(said)}"
        for demand, fields in _by_demand(violation.fields).items():
            yield f"    {self._painted(_GREEN, demand)}"
            for field in fields:
                place = self._painted(_DIM, f"{file}:{field.line}:")
                yield f"      {place} {_held_by(field.holder)}: {_state(field)}"

    def _summary(self, summary: Summary) -> str:
        counts = f"{_counted(summary.objects, 'object')}, {_counted(summary.pods, 'pod')}"
        if summary.denied:
            verdict = self._painted(_RED, f"{summary.denied:,} denied") + f", {summary.allowed:,} allowed"
        elif summary.pods:
            verdict = self._painted(_GREEN, f"all conform to {summary.scope or summary.standard}")
        else:
            verdict = "no pod to judge"
        exempt = f" ({summary.exempt:,} exempt)" if summary.exempt else ""
        exempt += f" ({summary.excepted:,} with exceptions)" if summary.excepted else ""
        errors = f"; {self._painted(_RED, _counted(summary.errors, 'error'))}" if summary.errors else ""
        return f"{counts}: {verdict}{exempt}{errors}"

    def _painted(self, color: int, text: str) -> str:
        return f"\x1b[{color}m{text}\x1b[0m" if self._look.has_color else text


def report(look: Look) -> TextReport:
    """The report as text."""
    return TextReport(look)


def problem_line(problem: Problem) -> str:
    """The problem as compilers write theirs: ``FILE:LINE: message``."""
    line = "" if problem.line is None else f"{problem.line}:"
    return f"{printable(problem.file)}:{line} {printable(problem.message)}"


def _named(name: ObjectName) -> str:
    written = "/".join(part for part in (name.namespace, name.name) if part)
    return printable(f"{name.kind} {written}" if written else f"{name.kind} without a name")


def _about_baseline(verdict: Verdict) -> str:
    if verdict.standard.level is not Level.RESTRICTED:
        return ""
    return " (and baseline)" if verdict.highest_level is Level.PRIVILEGED else " (it meets baseline)"


def _by_demand(fields: Iterable[OffendingField]) -> dict[str, list[OffendingField]]:
    """The fields of which the same is asked, by that demand, as in ``ports[*].hostPort must be 0``."""
    demands: dict[str, list[OffendingField]] = {}
    for field in fields:
        own = field.path if field.holder is POD else field.path[len(field.path) - field.own :]
        name = dotted(tuple("*" if isinstance(step, int) else step for step in own))
        demands.setdefault(printable(f"{name} must be {field.must}"), []).append(field)
    return demands


def _held_by(holder: Holder) -> str:
    if holder is POD:
        return holder.kind
    return f"{holder.kind} {printable(holder.name)}" if holder.name else f"{holder.kind} without a name"


def _state(field: OffendingField) -> str:
    if field.value is None:
        return "not set"
    return f"{_shown(field.value)}{' (filled in by the API server)' if field.is_filled_in else ''}"


def _shown(value: Any) -> str:  # noqa: ANN401 - any value of a manifest
    shown = _written(value)
    return shown if len(shown) <= _LONGEST_VALUE else f"{shown[: _LONGEST_VALUE - 1]}…"


def _written(value: Any) -> str:  # noqa: ANN401 - any value of a manifest
    if value is None or isinstance(value, bool):
        return {None: "null", False: "false", True: "true"}[value]
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_written(name)}: {_written(member)}' for name, member in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_written, value))}]"
    return f'"{printable(value)}"' if isinstance(value, str) else printable(str(value))


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
