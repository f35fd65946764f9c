"""What Docker and containers-common refuse after decoding, on every node alike."""

from typing import Final

from webhook.seccomp.dialects.dialect import Dialect
from webhook.seccomp.profile import Place, Profile, Rule, Unreadable

NIL: Final = "runtime error: invalid memory address or nil pointer dereference"
"""What both make of ``null`` where a rule should stand: the bug is theirs, and so are the words."""


def is_disabled(profile: Profile) -> bool:
    """Whether both take the file for the wish to have no filter."""
    return not profile.default_action and not profile.rules


def two_lists(dialect: Dialect, place: Place) -> Unreadable:
    """The architectures are said twice: ``architectures`` and ``archMap``."""
    return Unreadable(_both(dialect, "architectures", "archMap"), place)


def two_names(dialect: Dialect, rule: Rule) -> Unreadable:
    """The rule has both keys for names."""
    return Unreadable(_both(dialect, "name", "names"), rule.place)


def _both(dialect: Dialect, one: str, other: str) -> str:
    start, verb = ("both ", "are") if dialect is Dialect.DOCKER else ("", "were")
    said = f"{start}'{one}' and '{other}' {verb} specified in the seccomp profile"
    return f"{said}, use either '{one}' or '{other}'"
