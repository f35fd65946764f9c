"""One verdict about an object that holds several pods."""

from collections.abc import Sequence
from typing import NamedTuple

from webhook.policy.engine import evaluate
from webhook.policy.message import breach_in_places
from webhook.policy.path import dotted
from webhook.policy.pod import Pod
from webhook.policy.selection import ALL, Selection
from webhook.policy.standard import Standard
from webhook.reports.judge import Manifest, Relieve, judge
from webhook.reports.verdict import Verdict


class Part(NamedTuple):
    """A pod in an object: ``manifest`` is all of that, with the place of this pod's template."""

    manifest: Manifest
    pod: Pod
    relieve: Relieve


def judge_all(parts: Sequence[Part], standard: Standard, selection: Selection = ALL) -> Verdict:
    """As ``judge``, of all *parts* of one object, at least one: it is allowed where all of them are.

    The words are those in which the webhook speaks of such an object.
    """
    verdicts = [judge(each.manifest, each.pod, standard, each.relieve, selection) for each in parts]
    first = verdicts[0]
    if len(parts) == 1:
        return first
    broken = [
        (dotted(part.manifest.template), part.relieve(evaluate(part.pod, standard, selection)).findings)
        for part, verdict in zip(parts, verdicts, strict=True)
        if not verdict.allowed
    ]
    return first._replace(
        allowed=not broken,
        highest_level=min(each.highest_level for each in verdicts),
        message=f"would violate {breach_in_places(standard, broken)}" if broken else "",
        violations=tuple([each for verdict in verdicts for each in verdict.violations]),
        exceptions=tuple(dict.fromkeys(name for each in verdicts for name in each.exceptions)),
    )
