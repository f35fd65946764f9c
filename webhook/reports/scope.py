"""What of a standard was asked, in words: what conforms to a part of it does not conform to all of it."""

from collections.abc import Sequence

from webhook.policy.engine import asked
from webhook.policy.selection import Selection, Wanted
from webhook.policy.standard import Standard

_MOST_NAMES = 4


def scope(standard: Standard, only: frozenset[str] | None, wanted: Sequence[Wanted]) -> str:
    """What was asked: ``restricted:latest``, ``privileged of baseline:latest``, ``… and seccompRequired``."""
    parts = [str(standard)] if only is None else _parts(standard, only)
    parts += [f"{each.control}{_where(each)}" for each in wanted if each.level <= standard.level]
    return " and ".join(parts) or f"nothing: no selected control is part of {standard}"


def _parts(standard: Standard, only: frozenset[str]) -> list[str]:
    names = asked(standard, Selection(only))
    if not names:
        return []
    if len(names) > _MOST_NAMES:
        return [f"{len(names)} of the {len(asked(standard))} controls of {standard}"]
    return [f"{', '.join(names)} of {standard}"]


def _where(wanted: Wanted) -> str:
    names = [f"{each.text}{'*' if each.is_prefix else ''}" for each in wanted.namespaces]
    return f" (in {', '.join(names)})" if names else ""
