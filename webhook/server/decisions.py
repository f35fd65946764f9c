"""Decisions in the log."""

import traceback
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from msgspec import field

from webhook.server.journal import LONGEST_TEXT, Journal, Line, cut, cut_before, now
from webhook.server.rate import Rate

if TYPE_CHECKING:
    from webhook.admission import Decision
    from webhook.policy.labels import Policy


class DecisionLine(Line, kw_only=True, omit_defaults=True):
    """A decision. ``level`` and ``version`` are those enforced; the other modes are written as one.

    ``wouldRefuse`` is the code of a refusal that was not carried out, and ``message`` its words.
    Of event ``mutation`` are those on what to put in: ``mutated`` names the defaults that were.
    ``suppressed`` are decisions of the same kind since the last line, too many in a second for one each.
    """

    uid: str
    user: str
    namespace: str
    name: str
    operation: str
    resource: str
    subresource: str = ""
    decision: Literal["allow", "deny"]
    code: int
    level: str = ""
    version: str = ""
    audit: str = ""
    warn: str = ""
    exempt: str = ""
    controls: tuple[str, ...] = ()
    would_refuse: int = field(default=0, name="wouldRefuse")
    exceptions: tuple[str, ...] = ()
    mutated: tuple[str, ...] = ()
    message: str = ""
    warnings: int = 0
    dry_run: bool = field(default=False, name="dryRun")
    duration_ms: float
    error: str = ""
    traceback: str = ""
    suppressed: int = 0


class DecisionLog:
    """Tells *journal* of decisions: so many lines in a second of admissions, and as many of refusals.

    The others are counted; 0 is no limit.
    """

    def __init__(self, journal: Journal, lines_a_second: int) -> None:
        self._journal = journal
        self._rates = {
            allowed: Rate(burst=2 * lines_a_second, interval=1 / lines_a_second)
            for allowed in (True, False)
            if lines_a_second
        }

    def tell(self, decision: "Decision", seconds: float) -> None:
        """Write the line for *decision*, taken in *seconds*, unless there were too many just now."""
        rate = self._rates.get(decision.allowed)
        suppressed = rate.allows() if rate else 0
        if suppressed is not None:
            self._journal.write(line_of(decision, seconds, suppressed))


def line_of(decision: "Decision", seconds: float, suppressed: int = 0) -> DecisionLine:
    """The line for *decision*, taken in *seconds*, after so many *suppressed* ones of its kind.

    Names are cut: callers make them up.
    """
    level, version, audit, warn = _written(decision.policy)
    failure = decision.failure
    return DecisionLine(
        ts=now(),
        severity="error" if failure else "info",
        event="mutation" if decision.mutates else "decision",
        uid=cut(decision.uid),
        user=cut(decision.user),
        namespace=cut(decision.namespace),
        name=cut(decision.name),
        operation=cut(decision.operation),
        resource=cut(decision.resource),
        subresource=cut(decision.subresource),
        decision="allow" if decision.allowed else "deny",
        code=decision.code,
        level=level,
        version=version,
        audit=audit,
        warn=warn,
        exempt=decision.exempt,
        controls=decision.controls,
        would_refuse=decision.would_refuse,
        exceptions=decision.exceptions,
        mutated=decision.mutated,
        message=cut(decision.message, LONGEST_TEXT),
        warnings=len(decision.warnings),
        dry_run=decision.dry_run,
        duration_ms=round(seconds * 1000, 3),
        error=cut(decision.error, LONGEST_TEXT),
        traceback=cut_before("".join(traceback.format_exception(failure))) if failure else "",
        suppressed=suppressed,
    )


@lru_cache(maxsize=512)
def _written(policy: "Policy | None") -> tuple[str, str, str, str]:
    if policy is None:
        return "", "", "", ""
    enforce = policy.enforce
    return str(enforce.level), str(enforce.version), str(policy.audit), str(policy.warn)
