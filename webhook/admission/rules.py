"""What pods are held to beside the standard that their namespace names."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from webhook.config import Settings
from webhook.policy.engine import evaluate
from webhook.policy.relief import Relieved, Subject, relieved
from webhook.policy.standard import Standard


class Rules(NamedTuple):
    """The settings, and the day; without a day no exception holds."""

    settings: Settings
    today: Callable[[], date] | None = None

    def judged(self, subject: Subject, standard: Standard) -> Relieved:
        """What *subject* breaks of *standard*, after exceptions."""
        findings = evaluate(subject.pod, standard, self.settings.only)
        if not findings or not self.settings.exceptions or self.today is None:
            return Relieved(findings)
        return relieved(findings, subject, self.settings.exceptions, self.today())
