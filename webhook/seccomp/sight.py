"""A profile as one runtime sees it: the value that lints look at."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, NamedTuple

from webhook.seccomp.actions import ENOSYS, EPERM, KILL, Action, Outcome
from webhook.seccomp.loaded import Loaded, NotStarted
from webhook.seccomp.profile import Place, Profile, Rule
from webhook.seccomp.syscalls import number_of
from webhook.seccomp.target import Runtime, Target

DEFAULT_ACTION: Final = Place(0, "defaultAction")
"""Line 0: the profile does not hold the line, and whoever has the text finds it by the key."""

_SHOWN: Final = 4
_LONGEST: Final = 600
NOTHING: Final = Profile()


class Fate(NamedTuple):
    """What can become of a call, where that is written, and whether it depends on arguments."""

    outcome: Outcome
    place: Place
    is_conditional: bool


@dataclass(frozen=True)
class Sight:
    """What a runtime reads and loads.

    ``profile`` is the file as the reader decodes it, and ``handed`` what it hands to the loader: without the
    rules that do not count for this container. Where it hands on nothing, ``handed`` is empty and
    ``is_handed`` False: an empty profile is something else to the loader. ``loaded`` is None where one of
    them refuses the profile, and ``refusal`` says why. ``written`` is the file as Docker reads it, who reads
    most; None where that is no different. ``alike`` are all runtimes that see the same, the target's first;
    ``peers``, what each of those that are asked about sees, this one among them.
    """

    profile: Profile
    target: Target
    handed: Profile = NOTHING
    is_handed: bool = True
    loaded: Loaded | None = None
    refusal: NotStarted | None = None
    written: Profile | None = None
    alike: tuple[Runtime, ...] = ()
    peers: tuple["Sight", ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that count for this container."""
        return self.handed.rules

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules of each name, in the order of the file."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for name in dict.fromkeys(rule.names):
                found.setdefault(name, []).append(rule)
        return {name: tuple(rules) for name, rules in found.items()}

    @property
    def default(self) -> Outcome | None:
        """What becomes of a call without a rule; None where the action is none that is known."""
        return outcome_of(self.handed.default_action, self.handed.default_errno)

    @property
    def restricts(self) -> bool:
        """Whether anything at all is kept from the kernel."""
        if self.loaded is None or not self.loaded.is_filter:
            return False
        return self.loaded.default.action.restricts or any(
            rule.outcome.action.restricts
            for rules in self.loaded.filters.get(self.target.architecture, {}).values()
            for rule in rules
        )

    def fates(self, name: str) -> tuple[Fate, ...]:
        """All that can become of the call *name*; empty where it does not exist, or nothing is loaded."""
        architecture = self.target.architecture
        number = number_of(name, architecture)
        if number is None or self.loaded is None or not self.loaded.is_filter:
            return ()
        rules = self.loaded.filters.get(architecture, {}).get(number, ())
        found = [Fate(rule.outcome, rule.place or DEFAULT_ACTION, bool(rule.conditions)) for rule in rules]
        if not rules or rules[-1].conditions:
            above = self.loaded.enosys_above.get(architecture)
            is_stubbed = above is not None and (
                number > above or number in self.loaded.enosys_numbers.get(architecture, ())
            )
            otherwise = Outcome(Action.ERRNO, ENOSYS) if is_stubbed else self.loaded.default
            found.append(Fate(otherwise, DEFAULT_ACTION, is_conditional=bool(rules)))
        return tuple(found)

    def openings(self, name: str) -> tuple[Fate, ...]:
        """The fates of *name* with which it reaches the kernel."""
        return tuple(fate for fate in self.fates(name) if not fate.outcome.action.restricts)

    def is_refused(self, name: str) -> bool:
        """Whether the call exists here and never reaches the kernel, whatever its arguments."""
        return bool(self.fates(name)) and not self.openings(name)

    def opened(self, names: Iterable[str]) -> Iterator[tuple[Place, tuple[str, ...]]]:
        """Those of *names* that reach the kernel whatever their arguments, by the place that opens them."""
        by_place: dict[Place, list[str]] = {}
        for name in names:
            for fate in self.openings(name):
                if not fate.is_conditional:
                    by_place.setdefault(fate.place, []).append(name)
        for place, opened in by_place.items():
            yield place, tuple(opened)


@cache
def outcome_of(action: str, errno: int | str | None) -> Outcome | None:
    """What an action of a profile means; None where nobody knows it. A name of an errno counts as EPERM."""
    if action == KILL:
        return Outcome(Action.KILL_THREAD)
    if action not in set(Action):
        return None
    known = Action(action)
    if known not in {Action.ERRNO, Action.TRACE}:
        return Outcome(known)
    return Outcome(known, errno if isinstance(errno, int) else EPERM)


def rule_at(path: str, profile: Profile) -> Rule | None:
    """The rule of *profile* in which *path* (``syscalls[3].errno``) lies; None where it lies in none."""
    index = re.match(r"(?:spec\.)?syscalls\[(\d{1,9})\]", path)
    return profile.rules[int(index[1])] if index and int(index[1]) < len(profile.rules) else None


def several(names: Iterable[str]) -> str:
    """*names* as a list in a sentence; of many, the first and how many more there are."""
    told = tuple(names)
    shown = ", ".join([shortened(name) for name in told[:_SHOWN]])
    return shown if len(told) <= _SHOWN else f"{shown} and {len(told) - _SHOWN} more"


def is_are(names: Iterable[str], one: str = "is", many: str = "are") -> str:
    """The verb for *names*."""
    return one if len(tuple(names)) == 1 else many


def shortened(text: str) -> str:
    """*text*, of which a hostile file can make a long one, as far as somebody reads it."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
