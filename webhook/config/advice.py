"""What is doubtful about exceptions: they have ended or soon will, let nothing pass, or everything."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from webhook.nodes.controls import CONTROLS as NODE_CONTROLS
from webhook.policy.check import Finding
from webhook.policy.engine import evaluate
from webhook.policy.exceptions import PolicyException
from webhook.policy.extras import EXTRAS
from webhook.policy.relief import Exceptions, Subject, relieved
from webhook.policy.selection import ALL, Selection
from webhook.policy.standard import LATEST, Level, Standard

SOON: Final = timedelta(days=14)
_BASELINE: Final = Standard(Level.BASELINE, LATEST)
_EXTRAS_ALONE: Final = Selection(frozenset(), frozenset((name, Level.BASELINE) for name in EXTRAS))
_OF_NODES: Final = frozenset(check.id for check in NODE_CONTROLS)
_ASKED: Final = ((_BASELINE, ALL), (Standard(Level.RESTRICTED, LATEST), ALL), (_BASELINE, _EXTRAS_ALONE))


class Doubt(NamedTuple):
    """The place of an exception in the file, its name, what kind of doubt there is, and a sentence of it."""

    place: int
    exception: str
    kind: str
    text: str


def doubts_of_time(exceptions: Exceptions, today: date) -> Iterator[Doubt]:
    """The exceptions that have expired, or will within 14 days."""
    for index, each in enumerate(exceptions.all):
        if not each.holds_on(today):
            yield Doubt(index, each.name, "expired", f"expired after {each.expires}: it lets nothing pass")
        elif not each.holds_on(today + SOON):
            yield Doubt(index, each.name, "expires-soon", f"expires after {each.expires}")


def doubts_of_use(exceptions: Exceptions, subjects: Iterable[Subject]) -> Iterator[Doubt]:
    """The exceptions that would let pass nothing of *subjects*, or all that is wrong, whether expired or not.

    What is wrong is what the newest versions of both levels say, and the extra controls.
    """
    judged = [
        (subject, findings)
        for subject in subjects
        for standard, selection in _ASKED
        if (findings := evaluate(subject.pod, standard, selection))
    ]
    for index, each in enumerate(exceptions.all):
        if _OF_NODES.intersection(allowance.control for allowance in each.allows):
            # What these let pass depends on the nodes, which are not here.
            continue
        uses, leaves = _effects(each, judged)
        if not uses:
            yield Doubt(index, each.name, "matches-nothing", "lets nothing of these manifests pass")
        elif not leaves and uses > 1:
            what = f"lets pass all that breaks its controls in these manifests, {uses} pods"
            yield Doubt(index, each.name, "matches-everything", what)


def _effects(
    exception: PolicyException, judged: Sequence[tuple[Subject, tuple[Finding, ...]]]
) -> tuple[int, bool]:
    """In how many pods it lets anything pass, and whether anything of its controls is left in any."""
    controls = {each.control for each in exception.allows}
    alone = Exceptions([exception])
    passed: set[int] = set()
    leaves = False
    for subject, findings in judged:
        mine = tuple(each for each in findings if each.check.id in controls)
        left, uses = relieved(mine, subject, alone, exception.expires)
        leaves = leaves or bool(left)
        if uses:
            passed.add(id(subject))
    return len(passed), leaves
