"""What a run of ``check`` has seen, and the exit status that follows."""

from typing import Final

from webhook.policy.standard import Standard
from webhook.reports.verdict import Problem, Summary, Verdict

CONFORMS: Final = 0
VIOLATES: Final = 1
UNREADABLE: Final = 2


class Tally:
    """Counts, and the problems, which a report lists at its end."""

    __slots__ = ("allowed", "denied", "excepted", "exempt", "objects", "problems", "scope", "standard")

    def __init__(self, standard: Standard, scope: str = "") -> None:
        self.standard = standard
        self.scope = scope
        self.objects = 0
        self.allowed = 0
        self.denied = 0
        self.exempt = 0
        self.excepted = 0
        self.problems: list[Problem] = []

    def count(self, verdict: Verdict) -> None:
        """Count the pod that *verdict* is about."""
        self.denied += not verdict.allowed
        self.allowed += verdict.allowed
        self.exempt += verdict.exemption is not None
        self.excepted += bool(verdict.exceptions)

    @property
    def summary(self) -> Summary:
        """The counts so far."""
        return Summary(
            objects=self.objects,
            pods=self.allowed + self.denied,
            allowed=self.allowed,
            denied=self.denied,
            errors=len(self.problems),
            exempt=self.exempt,
            excepted=self.excepted,
            standard=self.standard,
            scope=self.scope,
        )

    @property
    def exit_status(self) -> int:
        """What could not be read counts for more than what violates."""
        if self.problems:
            return UNREADABLE
        return VIOLATES if self.denied else CONFORMS
