"""What the agent says: once for as long as it is the same."""

from collections.abc import Callable
from typing import Literal

Severity = Literal["info", "warning", "error", "critical"]


class Told:
    """Says sentences with *say*, which takes a severity and words."""

    def __init__(self, say: Callable[[Severity, str], None]) -> None:
        self.now = say
        self._last: dict[str, str] = {}

    def once(self, subject: str, severity: Severity, words: str) -> None:
        """Say *words*, unless they are what was last said of *subject*."""
        if self._last.get(subject) != words:
            self._last[subject] = words
            self.now(severity, words)

    def over(self, subject: str) -> None:
        """What was said of *subject* is so no longer: it will be said again when it is."""
        self._last.pop(subject, None)
