"""What the agent does over and over: install, look when something changed, and publish what is new.

One thread, and one thing at a time. When is decided by deadlines on a clock that only grows.
"""

import select
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from webhook.agent.inotify import Changes
from webhook.agent.pace import around, retry_after
from webhook.agent.publication import NoNode, Publication
from webhook.agent.survey import Survey
from webhook.agent.told import Told
from webhook.cluster.failure import Failure

if TYPE_CHECKING:
    from webhook.nodes.report import NodeReport

_LONGEST_UNREST: Final = 5.0


class Times(NamedTuple):
    """Seconds: between two checks of everything, two glances at what no event tells, and before a write.

    What changes is looked at once it has been ``quiet`` for so long.
    """

    interval: float = 600.0
    glance: float = 60.0
    spread: float = 5.0
    quiet: float = 0.5


class Around(NamedTuple):
    """What is outside: a clock that only grows, chance in [0, 1), and who hears that the work goes on."""

    clock: Callable[[], float]
    chance: Callable[[], float]
    beat: Callable[[], None]


class Installs(Protocol):
    """What puts profiles on the node, or into its kernel."""

    def turn(self, changes: Changes | None) -> None:
        """Do what is to be done now, and have *changes* tell when there is more."""


class Rounds:
    """The agent's work: look with *survey*, and keep *publication* up."""

    def __init__(  # noqa: PLR0913 - the parts that the work is made of
        self,
        survey: Survey,
        publication: Publication,
        told: Told,
        *,
        times: Times,
        world: Around,
        installs: Sequence[Installs] = (),
    ) -> None:
        self._survey = survey
        self._publication = publication
        self._told = told
        self._times = times
        self._world = world
        self._installs = installs
        self._changes: Changes | None = None
        self._report: NodeReport | None = None
        self._is_known = False
        self._has_looked = False
        self._check_at = 0.0
        self._write_at: float | None = None
        self._faults = 0

    def run(self, stop: int) -> None:
        """Work until the descriptor *stop* is readable. Raises FolderGone."""
        self._check_at = self._world.clock()
        while not self._waited(stop):
            if self._world.clock() >= self._check_at:
                self._check()
            self._look()
            self._publish()

    def _check(self) -> None:
        """Ask for everything anew: the machine, what is published, and every file."""
        self._survey.forget()
        try:
            self._survey.set_machine(self._publication.machine())
            self._publication.look()
        except (Failure, NoNode) as error:
            self._check_at = self._world.clock() + self._after(error)
            return
        self._is_known, self._faults = True, 0
        self._told.over("cluster")
        self._check_at = self._world.clock() + around(self._times.interval, self._world.chance())

    def _look(self) -> None:
        """Install and look; whatever changes from the moment of looking on is told by the new watch."""
        self._has_looked = True
        before, self._changes = self._changes, self._watch()
        if before:
            before.close()
        if self._changes and not self._survey.root.exists():
            self._changes.await_entry(self._survey.root)
        try:
            for each in self._installs:
                each.turn(self._changes)
            self._report = self._survey.report(self._saw, self._world.beat)
            self._told.over("folder-error")
        except OSError as error:
            self._told.once(
                "folder-error", "error", f"{self._survey.root}: {error.strerror}; nothing new is told"
            )

    def _watch(self) -> Changes | None:
        try:
            return Changes()
        except OSError as error:
            self._told.once("inotify", "warning", f"changes are only seen once a minute: {error.strerror}")
            return None

    def _saw(self, folder: int) -> None:
        if self._changes is None:
            return
        try:
            self._changes.add(folder)
        except OSError as error:
            self._told.once("inotify", "warning", f"changes are only seen once a minute: {error.strerror}")

    def _publish(self) -> None:
        report = self._report
        if report is None or not self._is_known:
            return
        if not self._publication.lacks(report):
            self._write_at = None
            return
        now = self._world.clock()
        if self._write_at is None:
            # A profile that is rolled out to all nodes at once is not told by all of them at once.
            self._write_at = now + self._times.spread * self._world.chance()
        if now < self._write_at:
            return
        try:
            self._publication.write(report)
        except (Failure, NoNode) as error:
            self._write_at = self._world.clock() + self._after(error)
            return
        self._write_at, self._faults = None, 0
        self._told.over("cluster")
        self._told.now("info", f"published {len(report.seccomp)} seccomp profiles")

    def _after(self, error: Failure | NoNode) -> float:
        """How long to wait after *error*, which is told once for as long as it is the same."""
        self._faults += 1
        wish = error.wait if isinstance(error, Failure) else 0.0
        self._told.once("cluster", "warning", str(error))
        return retry_after(self._faults, self._world.chance(), wish)

    def _waited(self, stop: int) -> bool:
        """Wait until there is something to do; whether that is to end."""
        due = min(self._check_at, self._write_at or self._check_at)
        patience = 0.0 if not self._has_looked else min(due - self._world.clock(), self._times.glance)
        ready = self._ready(stop, patience)
        end = self._world.clock() + _LONGEST_UNREST
        # Many files that come one after the other are looked at once.
        while self._changes and self._changes.fileno() in ready and self._world.clock() < end:
            self._changes.drain()
            ready = self._ready(stop, self._times.quiet)
            if stop in ready:
                break
        return stop in ready

    def _ready(self, stop: int, seconds: float) -> list[int]:
        waited = [stop, self._changes.fileno()] if self._changes else [stop]
        ready = select.select(waited, [], [], max(seconds, 0.0))[0]
        self._world.beat()
        return ready
