"""Which controls of a standard a pod fails."""

from collections.abc import Iterable
from functools import cache, lru_cache

from webhook.policy.check import Check, Finding, Violations
from webhook.policy.checks import CHECKS
from webhook.policy.pod import Pod
from webhook.policy.standard import Level, Standard, Version

_HAS_CONTROLS = tuple(level for level in reversed(Level) if level)


def evaluate(pod: Pod, standard: Standard, only: frozenset[str] | None = None) -> tuple[Finding, ...]:
    """The controls of *standard* that *pod* fails, baseline before restricted, each sorted by id.

    With *only*, these controls by id; one that another would replace is asked where that one is not.
    Source: Kubernetes documentation, "Pod Security Standards"; the order is the built-in plugin's.
    """
    level, version = standard
    newest = min(version, NEWEST)
    in_force = _in_force(level, newest) if only is None else _selected(only, level, newest)
    return tuple(
        [
            Finding(check, violations)
            for check, violations_of in in_force
            if (violations := tuple(violations_of(pod)))
        ]
    )


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
def _selected(only: frozenset[str], level: Level, version: Version) -> tuple[tuple[Check, Violations], ...]:
    return controls(Standard(level, version), [check for check in CHECKS if check.id in only])


NEWEST = max(revision.since for check in CHECKS for revision in check.revisions)
"""The newest version that changed anything; a later one is judged as this one."""
