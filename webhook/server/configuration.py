"""The settings that reviews are answered by: read anew when their file changes, the last good ones kept.

A whole new value takes the place of the old one, so that a review in progress sees one or the other.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

from webhook.config import Loaded, Settings
from webhook.server.file_state import FileState, state_of


class CannotLoad(Exception):
    """The files hold no configuration that can be used; the message says which, where and why."""


class Observer(Protocol):
    """Told of the configuration."""

    def changed(self, old: Settings, new: Settings) -> None:
        """*new* holds from now on."""

    def kept(self, problem: str) -> None:
        """The last good one stays, because of *problem*; told once for each."""

    def expired(self, names: frozenset[str], number: int) -> None:
        """These exceptions have ended, *number* all in all; told when they are others than before."""


class Configuration:
    """What *loaded* holds, and what *load* returns when a file of it has changed; without it, for ever."""

    def __init__(
        self,
        loaded: Loaded,
        observer: Observer,
        today: Callable[[], date],
        load: Callable[[], Loaded] | None = None,
    ) -> None:
        self.settings = loaded.settings
        self._files = loaded.files
        self._observer: Final = observer
        self._today: Final = today
        self._load: Final = load
        self._lock: Final = Lock()
        self._trouble = ""
        self._expired: frozenset[str] = frozenset()
        # What was read before this was made may have changed since: the first look reads again.
        self._state: tuple[FileState, ...] | None = None

    def look(self) -> None:
        """Read the files if they have changed; several threads may ask for it. Raises nothing."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            if self._load is not None:
                self._look(self._load)
            self._tell_expired()
        finally:
            self._lock.release()

    def _look(self, load: Callable[[], Loaded]) -> None:
        try:
            state = _states_of(self._files)
            if state == self._state:
                return
            settings, files = load()
        except Exception as error:  # noqa: BLE001 - a bug that a file meets must not take the last good one with it
            # Tried again at every look, told once.
            problem = str(error) if isinstance(error, CannotLoad) else f"internal error: {error!r}"
            self._state = None
            if problem != self._trouble:
                self._trouble = problem
                self._observer.kept(problem)
            return
        # If other files belong to it now, what was seen says nothing of them.
        self._state = state if files == self._files else None
        self._files = files
        old, self.settings = self.settings, settings
        if old != settings or self._trouble:
            self._observer.changed(old, settings)
        self._trouble = ""

    def _tell_expired(self) -> None:
        today = self._today()
        expired = frozenset(each.name for each in self.settings.exceptions.all if not each.holds_on(today))
        if expired != self._expired:
            self._observer.expired(expired - self._expired, len(expired))
            self._expired = expired


def _states_of(files: tuple[str, ...]) -> tuple[FileState, ...]:
    states = []
    for name in files:
        try:
            path = Path(name).resolve(strict=True)
            found = path.stat()
        except OSError as error:
            raise CannotLoad(f"{name}: {error.strerror}") from error
        states.append(state_of(path, found))
    return tuple(states)
