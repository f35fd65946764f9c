"""Rounds for as long as the process runs: in an interval, and whenever something changed."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Final, Protocol

from certs.rotate import Outcome, Rounds

_SHORTEST: Final = 0.2
"""Seconds between two rounds: what comes in one burst is seen at once."""
_WHILE_FAILING: Final = 5.0


class Leading(Protocol):
    """Says whether this process is the one that rotates."""

    @property
    def leads(self) -> bool:
        """Whether it is."""


@dataclass(slots=True, kw_only=True)
class Controller:
    """Turns *rounds* while this process *leads*; *saw* is told what each left behind, or None."""

    rounds: Rounds
    leader: Leading
    interval: float
    chance: Callable[[], float]
    saw: Callable[[Outcome | None], None]
    _woken: Event = field(default_factory=Event)

    def wake(self) -> None:
        """Have a round soon."""
        self._woken.set()

    def run(self, stopped: Event) -> None:
        """Go on until *stopped* is set and ``wake`` is called."""
        while not stopped.is_set():
            self._woken.wait(self.turn())
            stopped.wait(_SHORTEST)

    def turn(self) -> float:
        """Have a round if it is ours to have; the seconds until the next."""
        # Cleared before it reads: what changes meanwhile is seen by the next.
        self._woken.clear()
        if not self.leader.leads:
            self.saw(None)
            return self.interval
        try:
            outcome = self.rounds.round()
        except Exception as error:  # noqa: BLE001 - who ends here keeps the Lease, and nobody rotates any more
            *_, last = traceback.extract_tb(error.__traceback__)
            words = f"a round failed in {last.name}, line {last.lineno}: {type(error).__name__}: {error}"
            outcome = Outcome(None, (words,))
        self.saw(outcome)
        pause = self.interval * (0.8 + 0.4 * self.chance())
        if outcome.problems:
            pause = min(pause, _WHILE_FAILING)
        return pause if outcome.again is None else min(pause, max(_SHORTEST, outcome.again))
