"""Who is told of the steps of a rotation: the person who asked, or the log."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import click

from webhook.reports.printable import printable

if TYPE_CHECKING:
    from certs.metrics import Metrics
    from certs.steps import Step

Say = Callable[[Literal["info", "warning"], str, str], None]


class Aloud:
    """Tells a person: what was done on standard output, what could not be on standard error."""

    def done(self, step: "Step") -> None:
        """Print what was done."""
        click.echo(printable(str(step)))

    def failed(self, _name: str, problem: str) -> None:
        """Print what stands in the way."""
        click.echo(f"Error: {printable(problem)}", err=True)


class Logged:
    """Tells the log and the counters; a problem that stays is told once, and when it is gone."""

    def __init__(self, say: Say, metrics: "Metrics") -> None:
        self._say = say
        self._metrics = metrics
        self._problems: frozenset[str] = frozenset()

    def done(self, step: "Step") -> None:
        """Log and count a step."""
        from certs.steps import called  # noqa: PLC0415 - whoever tells of a step has it

        self._metrics.count(called(step), "done")
        self._say("info", "certificates", str(step))

    def failed(self, name: str, _problem: str) -> None:
        """Count it; the log has it from what the round left behind."""
        self._metrics.count(name, "failed")

    def problems(self, now: tuple[str, ...]) -> None:
        """Log the problems that are new, and that none is left."""
        for problem in now:
            if problem not in self._problems:
                self._say("warning", "certificates", problem)
        if self._problems and not now:
            self._say("info", "certificates", "nothing stands in the way any more")
        self._problems = frozenset(now)
