"""What is wrong with profiles of the node, beside the verdict of the standard."""

from collections.abc import Sequence
from typing import NamedTuple

from webhook.nodes.words import detail, violates
from webhook.policy.path import dotted
from webhook.policy.relief import Relieved
from webhook.reports.judge import offending_field
from webhook.reports.several import Part
from webhook.reports.verdict import Verdict, Violation


class _Told(NamedTuple):
    words: str
    violations: tuple[Violation, ...]


def with_profiles(verdict: Verdict, found: Sequence[tuple[Part, Relieved]]) -> Verdict:
    """*verdict*, and what was *found* in the pods of its object; the words are those of the webhook."""
    is_one = len(found) == 1
    told = [_told(part, relieved, is_one=is_one) for part, relieved in found if relieved.findings]
    uses = [each.exception for _, relieved in found for each in relieved.uses]
    said = "; ".join(each.words for each in told)
    before = f"{verdict.message}; " if verdict.message else ""
    return verdict._replace(
        allowed=verdict.allowed and not told,
        message=f"{before}would violate {said}" if said else verdict.message,
        violations=(*verdict.violations, *(each for one in told for each in one.violations)),
        exceptions=tuple(dict.fromkeys((*verdict.exceptions, *uses))),
    )


def _told(part: Part, relieved: Relieved, *, is_one: bool) -> _Told:
    manifest, pod, _ = part
    place = "" if is_one else f"{dotted(manifest.template)}: "
    violations = tuple(
        [
            Violation(
                finding.check.id,
                finding.check.level,
                finding.check.reason,
                detail(finding),
                tuple([offending_field(each, manifest, pod) for each in finding.violations]),
            )
            for finding in relieved.findings
        ]
    )
    return _Told(f"{place}{violates(relieved.findings)}", violations)
