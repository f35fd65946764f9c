"""Which controls of a standard a pod fails."""

from collections.abc import Iterable
from functools import cache, lru_cache

from webhook.policy.check import Check, Finding, Violations
from webhook.policy.checks import CHECKS
from webhook.policy.extras import EXTRAS
from webhook.policy.pod import Pod
from webhook.policy.selection import ALL, Selection
from webhook.policy.standard import Level, Standard, Version

_HAS_CONTROLS = tuple(level for level in reversed(Level) if level)


def evaluate(pod: Pod, standard: Standard, selection: Selection = ALL) -> tuple[Finding, ...]:
    """The controls of *standard* that *pod* fails, baseline before restricted, each sorted by id.

    With a *selection*, what it asks; a control that another would replace is asked where that one is not.
    Source: Kubernetes documentation, "Pod Security Standards"; the order is the built-in plugin's.
    """
    level, version = standard
    newest = min(version, NEWEST)
    in_force = _in_force(level, newest) if selection == ALL else _selected(selection, level, newest)
    return tuple(
        [
            Finding(check, violations)
            for check, violations_of in in_force
            if (violations := tuple(violations_of(pod)))
        ]
    )


def asked(standard: Standard, selection: Selection = ALL) -> tuple[str, ...]:
    """The ids of the controls of *standard* that are asked, in the order of evaluation."""
    found = _selected(selection, standard.level, min(standard.version, NEWEST))
    return tuple(check.id for check, _ in found)


def highest_level(pod: Pod, version: Version) -> Level:
    """The strictest level that *pod* conforms to at *version*."""
    return next(
        (level for level in _HAS_CONTROLS if not evaluate(pod, Standard(level, version))),
        Level.PRIVILEGED,
    )


def controls(standard: Standard, checks: Iterable[Check] = CHECKS) -> tuple[tuple[Check, Violations], ...]:
    """The controls in force at *standard*, each with the function of its revision in force."""
    level, version = standard
    in_force = [
        (check, revision.violations)
        for check in checks
        if check.level <= level and (revision := check.at(version))
    ]
    overridden = {name for check, _ in in_force for name in check.overrides}
    return tuple((check, violations) for check, violations in in_force if check.id not in overridden)


@cache
def _in_force(level: Level, version: Version) -> tuple[tuple[Check, Violations], ...]:
    # At most levels times known versions entries: the caller has cut the version.
    return controls(Standard(level, version))


@lru_cache(maxsize=256)
def _selected(selection: Selection, level: Level, version: Version) -> tuple[tuple[Check, Violations], ...]:
    only, asked = selection
    checks = [check for check in CHECKS if only is None or check.id in only]
    standard = Standard(level, version)
    in_force = {check.id for check, _ in controls(standard, checks)}
    checks += [
        EXTRAS[name].check._replace(level=lowest)
        for name, lowest in asked
        if EXTRAS[name].yields_to not in in_force
    ]
    return controls(standard, sorted(checks, key=lambda check: (check.level, check.id)))


NEWEST = max(revision.since for check in CHECKS for revision in check.revisions)
"""The newest version that changed anything; a later one is judged as this one."""
