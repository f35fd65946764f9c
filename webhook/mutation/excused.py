"""What exceptions let containers be without: no default puts it into them.

It is asked of the one function by which exceptions act, so that what is put in and what is let pass cannot
disagree. Source of the rule: docs/decisions/0009-defaults-put-in.md.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from webhook.policy.check import Finding, Violation
from webhook.policy.core_v1 import Container
from webhook.policy.engine import evaluate
from webhook.policy.extras import EXTRAS
from webhook.policy.pod import Pod
from webhook.policy.relief import Relieved, Use
from webhook.policy.selection import ALL, Selection
from webhook.policy.standard import LATEST, PRIVILEGED, Level, Standard

Relieve = Callable[[tuple[Finding, ...]], Relieved]
"""What is left of findings about the pod after exceptions."""

_RESTRICTED: Final = Standard(Level.RESTRICTED, LATEST)
_EXTRAS_ALONE: Final = Selection(frozenset(), frozenset((name, Level.BASELINE) for name in EXTRAS))
_ANYTHING: Final = ((_RESTRICTED, ALL), (Standard(Level.BASELINE, LATEST), _EXTRAS_ALONE))

_Place = tuple[int, tuple[str | int, ...]]


class Relief(NamedTuple):
    """How exceptions act on a pod, and what its namespace enforces."""

    relieve: Relieve
    enforced: Standard = PRIVILEGED
    selection: Selection = ALL


class Excused:
    """The fields that containers of a pod may be without, and the exceptions that say so.

    A field that the namespace demands all the same is not among them: a control that an exception does not
    name would refuse the pod for want of it. Where nobody demands it, what the exception says counts.
    """

    __slots__ = ("_controls", "_kept_out", "_uses")

    def __init__(self, pod: Pod, relief: Relief) -> None:
        relieve, enforced, selection = relief
        self._controls: dict[_Place, set[str]] = {}
        self._uses: dict[Use, None] = {}
        self._kept_out: set[str] = set()
        for each in _ANYTHING:
            findings = evaluate(pod, *each)
            left, uses = relieve(findings)
            if uses:
                self._uses |= dict.fromkeys(uses)
                self._add(findings, left)
        if self._controls:
            for _, violation in _violations(relieve(evaluate(pod, enforced, selection)).findings):
                for place in _places(violation):
                    self._controls.pop(place, None)

    def covers(self, node: Container, field: tuple[str, ...]) -> bool:
        """Whether *node* may be without *field*; who asks for it keeps a default out because of that."""
        controls = self._controls.get((id(node), field))
        if controls is None:
            return False
        self._kept_out |= controls
        return True

    @property
    def uses(self) -> tuple[Use, ...]:
        """The exceptions that have kept a default out."""
        return tuple(each for each in self._uses if each.control in self._kept_out)

    def _add(self, findings: tuple[Finding, ...], left: tuple[Finding, ...]) -> None:
        remaining = {(control, id(violation)) for control, violation in _violations(left)}
        for control, violation in _violations(findings):
            if (control, id(violation)) not in remaining:
                for place in _places(violation):
                    self._controls.setdefault(place, set()).add(control)


def _violations(findings: Iterable[Finding]) -> Iterator[tuple[str, Violation]]:
    for finding in findings:
        for violation in finding.violations:
            yield finding.check.id, violation


def _places(violation: Violation) -> Iterator[_Place]:
    """The field of a container, and the objects around it: a profile is put in whole, its type is missed."""
    if isinstance(violation.node, Container):
        for length in range(1, len(violation.field) + 1):
            yield id(violation.node), violation.field[:length]
