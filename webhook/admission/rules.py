"""What pods are held to beside the standard that their namespace names."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NamedTuple

from webhook.config import Settings
from webhook.policy.check import Finding
from webhook.policy.engine import evaluate
from webhook.policy.relief import Relieved, Subject, relieved
from webhook.policy.standard import Standard


class Rules(NamedTuple):
    """The settings, and the day; without a day no exception holds."""

    settings: Settings
    today: Callable[[], date] | None = None

    def ask_at_privileged(self, namespace: str) -> bool:
        """Whether pods in *namespace* are asked for anything where its level asks for nothing."""
        return bool(self.settings.wanted) and self.settings.selection_in(namespace).asks_at_privileged

    def judged(self, subject: Subject, standard: Standard) -> Relieved:
        """What *subject* breaks of *standard*, after exceptions."""
        findings = evaluate(subject.pod, standard, self.settings.selection_in(subject.namespace))
        return self.relieved(findings, subject)

    def relieved(self, findings: tuple[Finding, ...], subject: Subject) -> Relieved:
        """What exceptions leave of *findings* about *subject*."""
        if not findings or not self.settings.exceptions or self.today is None:
            return Relieved(findings)
        return relieved(findings, subject, self.settings.exceptions, self.today())

    def relief_of(self, subject: Subject) -> Callable[[tuple[Finding, ...]], Relieved] | None:
        """What is left of findings about *subject* after exceptions; None where there can be none for it."""
        exceptions = self.settings.exceptions
        if not exceptions or self.today is None or not exceptions.in_namespace(subject.namespace):
            return None
        return partial(relieved, subject=subject, exceptions=exceptions, day=self.today())
