"""What runc and crun do alike when they put a profile into libseccomp."""

from collections.abc import Iterator, Sequence
from typing import Final

from webhook.seccomp.actions import Outcome
from webhook.seccomp.bpf import MOST_INSTRUCTIONS
from webhook.seccomp.libseccomp import Filter, Refused
from webhook.seccomp.loaded import Comparison, Condition, Dropped, Loaded, NotStarted
from webhook.seccomp.profile import Argument, Lost, Place, Profile
from webhook.seccomp.target import Target

WHOLE_PROFILE: Final = Place(1, "")
"""The place of what no one line says."""

_DROPPED_KEYS: Final = {
    Lost.UNKNOWN: "{key}: the reader knows no such key",
    Lost.FOREIGN: "{key}: the reader drops what is another runtime's",
    Lost.DUPLICATE: "{key}: it stands again further down, and that counts",
    Lost.OVERRULED: "{key}: another key says the same thing, and that counts",
    Lost.OMITTED: "{key}: it is left out where the profile is handed on",
    Lost.ELSEWHERE: "{key}: it names another profile, which is not at hand here",
}


class Building:
    """A filter on its way, with what of the profile was dropped."""

    last_argument: Final = 5

    def __init__(self, profile: Profile, target: Target, default: Outcome, problem: str) -> None:
        """Raises NotStarted with *problem* where libseccomp refuses the default action."""
        self._places = {rule.place: rule.names for rule in profile.rules if rule.names}
        self._dropped = [
            Dropped(remark.place, _DROPPED_KEYS[remark.lost].format(key=remark.key))
            for remark in profile.remarks
        ]
        try:
            self.filter = Filter(default, target.architecture, target.libseccomp)
        except Refused:
            raise NotStarted(problem, WHOLE_PROFILE) from None

    def drop(self, place: Place, why: str) -> None:
        """Note that something has no effect."""
        self._dropped.append(Dropped(place, why))

    def loaded(self, flags: tuple[str, ...]) -> Loaded:
        """What has been built. Raises Unjudged."""
        filters = self.filter.rules()
        asked = {rule.place for calls in filters.values() for rules in calls.values() for rule in rules}
        told = {each.place for each in self._dropped}
        for place in self._places:
            if place not in asked and place not in told:
                self.drop(place, "other rules for the same calls decide before it is asked")
        return Loaded(
            self.filter.default,
            filters,
            {},
            flags=flags,
            dropped=tuple(sorted(self._dropped)),
            instructions=self.filter.instructions,
        )

    def check_length(self, instructions: int, problem: str) -> None:
        """Raises NotStarted with *problem* where the kernel refuses so long a program."""
        if instructions > MOST_INSTRUCTIONS:
            raise NotStarted(problem, WHOLE_PROFILE)


def conditions_of(arguments: Sequence[Argument]) -> Iterator[tuple[Condition, ...]]:
    """The rules that one entry becomes: one, or one for each condition where two are on one argument."""
    conditions = [
        Condition(argument.number, Comparison(argument.op), argument.value, argument.value_two)
        for argument in arguments
    ]
    numbers = [condition.number for condition in conditions]
    if len(numbers) == len(set(numbers)):
        yield tuple(conditions)
    else:
        for condition in conditions:
            yield (condition,)
