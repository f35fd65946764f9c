"""The section ``controls`` of our configuration: which controls are asked."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from webhook.config.errors import ConfigurationError, Problem
from webhook.policy.checks import CHECKS
from webhook.policy.extras import EXTRAS
from webhook.policy.nearest import did_you_mean
from webhook.policy.patterns import Name
from webhook.policy.selection import Wanted
from webhook.policy.standard import Level

FIELDS: Final = {"only": [str], **{name: {"level": str, "namespaces": [str]} for name in sorted(EXTRAS)}}

_IDS: Final = tuple(check.id for check in CHECKS)


def only_in(written: Sequence[str | None]) -> frozenset[str]:
    """The ids in ``only``. Raises ConfigurationError, also where there are none: nothing would be asked."""
    problems = [
        Problem(
            f"only[{index}]", f"only[{index}]: must be the id of a control{did_you_mean(each or '', _IDS)}"
        )
        for index, each in enumerate(written)
        if each not in _IDS
    ]
    if not written:
        problems = [Problem("only", "only: must name at least one control")]
    if problems:
        raise ConfigurationError.of(tuple(problems))
    return frozenset(each for each in written if each)


def wanted_in(section: Mapping[str, Any]) -> tuple[Wanted, ...]:
    """The extra controls that are asked. Raises ConfigurationError with all that is wrong."""
    problems: list[Problem] = []
    found = []
    for control in sorted(EXTRAS):
        written = section.get(control)
        if written is not None:
            level = _level(written.get("level"), f"{control}.level", problems)
            names = _namespaces(written.get("namespaces"), f"{control}.namespaces", problems)
            found.append(Wanted(control, level, names))
    if problems:
        raise ConfigurationError.of(tuple(problems))
    return tuple(found)


def _level(written: str | None, place: str, problems: list[Problem]) -> Level:
    try:
        return Level.parse(written or "")
    except ValueError as error:
        problems.append(Problem(place, f"{place}: {error}: the lowest level at which it is asked"))
        return Level.RESTRICTED


def _namespaces(
    written: Sequence[str | None] | None, place: str, problems: list[Problem]
) -> tuple[Name, ...]:
    found = []
    for index, text in enumerate(written or ()):
        try:
            found.append(Name.parse(text or ""))
        except ValueError as error:
            problems.append(Problem(f"{place}[{index}]", f"{place}[{index}]: {error}"))
    if written is not None and not written:
        problems.append(Problem(place, f"{place}: must name at least one; without it, all are meant"))
    return tuple(found)
