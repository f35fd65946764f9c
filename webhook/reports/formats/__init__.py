"""The formats of a report, one module each.

A module here whose ``report(look)`` makes a Report is a format, named as the module.
"""

import pkgutil
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple, Protocol

from webhook.reports.verdict import Problem, Summary, Verdict

FORMATS: tuple[str, ...] = tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))
"""What can be asked for, sorted."""


class Look(NamedTuple):
    """What a report may know about the place where it will be read."""

    program: str
    has_color: bool = False
    # Problems are also written to standard error; a report that is read beside that need not repeat them.
    lists_problems: bool = True


class Report(Protocol):
    """A report, piece by piece, so that a long run need not be kept in memory."""

    separator: str
    """What stands between two verdicts."""

    streams: bool
    """Whether there is no head, so that pieces can be written before the summary is known."""

    def verdict(self, verdict: Verdict, /) -> str:
        """The piece about one object; empty where this format says nothing about it."""

    def head(self, summary: Summary, /) -> str:
        """What comes before all verdicts."""

    def tail(self, summary: Summary, problems: Sequence[Problem], /) -> str:
        """What comes after all verdicts."""


def report_in(name: str, look: Look) -> Report:
    """The empty report in the format *name*, one of FORMATS."""
    report: Report = import_module(f"{__name__}.{name}").report(look)
    return report
