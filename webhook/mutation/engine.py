"""What is put into a pod, and what there is to say of it."""

from functools import cache
from typing import Final, NamedTuple

from webhook.mutation.default import Default, Finds, LeftAlone, Put, Remark, Subject
from webhook.mutation.defaults import DEFAULTS
from webhook.mutation.excused import Excused, Relief
from webhook.mutation.switches import Switches
from webhook.mutation.untouched import why_untouched
from webhook.mutation.words import said
from webhook.policy.pod import Pod
from webhook.policy.relief import Use


class Filled(NamedTuple):
    """A default with the places that it was put into."""

    default: Default
    puts: tuple[Put, ...]


class Outcome(NamedTuple):
    """What is put into a pod, the warnings to whoever sent it, and the exceptions that kept something out."""

    filled: tuple[Filled, ...] = ()
    warnings: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()

    @property
    def puts(self) -> tuple[Put, ...]:
        """Everything that is put in."""
        return tuple(put for _, puts in self.filled for put in puts)


NOTHING: Final = Outcome()


def fill_in(pod: Pod, switches: Switches, old: Pod | None = None, relief: Relief | None = None) -> Outcome:
    """What *switches* put into the new *pod*; or, with *old*, into the ephemeral containers that it adds.

    *relief* lets exceptions act, where there are any: what they let a container be without is not put in.
    """
    if why_untouched(pod):
        return NOTHING
    excused = None if relief is None else Excused(pod, relief)
    subject = _new(pod, excused) if old is None else _added(pod, old, excused)
    if not subject.containers:
        return NOTHING
    filled: list[Filled] = []
    left_alone: list[tuple[str, LeftAlone]] = []
    remarks: list[Remark] = []
    for default, finds in _asked(switches):
        puts = []
        for found in finds(subject):
            if isinstance(found, Put):
                puts.append(found)
                subject.settle(found)
            elif isinstance(found, LeftAlone):
                left_alone.append((default.id, found))
            else:
                remarks.append(found)
        if puts:
            filled.append(Filled(default, tuple(puts)))
    uses = () if excused is None else excused.uses
    if not (filled or left_alone or remarks or uses):
        return NOTHING
    return Outcome(tuple(filled), said(left_alone, remarks), uses)


@cache
def _asked(switches: Switches) -> tuple[tuple[Default, Finds], ...]:
    asked = ((each, each.finds if each.id in switches.on else each.where_off) for each in DEFAULTS)
    return tuple((default, finds) for default, finds in asked if finds is not None)


def _new(pod: Pod, excused: Excused | None) -> Subject:
    return Subject(pod, pod.contexts, is_new=True, excused=excused)


def _added(pod: Pod, old: Pod, excused: Excused | None) -> Subject:
    """Ephemeral containers are known by their names, and none can be changed once it is there."""
    known = {each.name for each in old.spec.ephemeral_containers or ()}
    first = len(pod.contexts) - len(pod.spec.ephemeral_containers or ())
    added = tuple([each for each in pod.contexts[first:] if each[0].name not in known])
    return Subject(pod, added, is_new=False, excused=excused)
