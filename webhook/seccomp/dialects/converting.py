"""Profiles of one dialect, written in another: with the same meaning on every node, or not at all."""

from collections.abc import Iterator
from typing import Final

from webhook.seccomp.dialects.dialect import Dialect
from webhook.seccomp.dialects.errnos import number_of
from webhook.seccomp.dialects.exactness import Inexact, PlaceOfKey, reasons, said
from webhook.seccomp.dialects.go_architectures import ARCH_MAP_ENTRY, GO_NAME
from webhook.seccomp.dialects.go_quoted import shown
from webhook.seccomp.dialects.placing import places_in
from webhook.seccomp.dialects.reading import read
from webhook.seccomp.dialects.refusals import is_disabled
from webhook.seccomp.dialects.rendering import render
from webhook.seccomp.profile import Filter, Lost, Place, Profile

_CONDITIONAL: Final = (Dialect.DOCKER, Dialect.CONTAINERS_COMMON)


def convert(document: bytes, source: Dialect, target: Dialect, *, name: str = "profile") -> bytes:
    """*document*, which is written in *source*, in *target*; an object of the operator is called *name*.

    What *source* drops of the text is dropped, and so are comments. Raises Unreadable; Inexact with all that
    cannot be said in *target*, or would mean something else there. What depends on the node or the container
    is no dialect's to decide: ``resolve`` does that, for one of each.
    """
    profile = read(document, source)
    elsewhere = tuple(
        said(each.place, "the rules of that profile are not in this file")
        for each in profile.remarks
        if each.lost is Lost.ELSEWHERE
    )
    if source is target and not elsewhere:
        return render(profile, target, name=name)
    kept = _with_numbers(profile, target)
    if source is Dialect.CONTAINERS_COMMON:
        # It hands on no rule without a name, but wants to know the name of its error.
        rules = tuple(each for each in kept.rules if each.names or isinstance(each.errno, str))
        kept = kept._replace(rules=rules)

    place_of = places_in(document)

    def place_of_key(key: str) -> Place:
        return place_of(f"spec.{key}" if source is Dialect.OPERATOR else key)

    why = (*elsewhere, *_changes(profile, source, target, place_of_key), *reasons(kept, target, place_of_key))
    if (source in _CONDITIONAL and is_disabled(profile)) != (target in _CONDITIONAL and is_disabled(kept)):
        why += (
            said(Place(1, "defaultAction"), "without it and without rules, some readers hand on no filter"),
        )
    if why:
        raise Inexact(why)
    return render(kept, target, name=name)


def _changes(profile: Profile, source: Dialect, target: Dialect, place_of_key: PlaceOfKey) -> Iterator[str]:
    """What could be written in *target*, but would mean something else than in *source*."""
    if source in _CONDITIONAL and target in _CONDITIONAL:
        yield from _changes_of_archmap(profile, source, target, place_of_key("archMap"))
        for rule in profile.rules:
            for key, condition in (("includes", rule.includes), ("excludes", rule.excludes)):
                place = rule.place._replace(path=f"{rule.place.path}.{key}.arches")
                yield from _changes_of_names(condition, source, target, place)
    if target is Dialect.CONTAINERS_COMMON:
        for rule in profile.rules:
            if not rule.names:
                yield said(rule.place, f"{target} leaves out rules without names, whatever their action")


def _changes_of_archmap(profile: Profile, source: Dialect, target: Dialect, place: Place) -> Iterator[str]:
    for entry in profile.sub_architectures or ():
        counts = [entry.architecture in ARCH_MAP_ENTRY[each] for each in (source, target)]
        if entry.others and counts[0] != counts[1]:
            which = source if counts[0] else target
            yield said(place, f"on nodes of {shown(entry.architecture)} it counts for {which} alone")


def _changes_of_names(condition: Filter, source: Dialect, target: Dialect, place: Place) -> Iterator[str]:
    for name in condition.architectures:
        meant = [{arch for arch, go in GO_NAME[each].items() if go == name} for each in (source, target)]
        if meant[0] != meant[1]:
            yield said(place, f'"{shown(name)}" is not the same architecture to {source} and to {target}')


def _with_numbers(profile: Profile, target: Dialect) -> Profile:
    """*profile* with the number of each known error for its name, where *target* has numbers only."""
    if target is Dialect.CONTAINERS_COMMON:
        return profile

    def number(errno: int | str | None) -> int | str | None:
        found = number_of(errno) if isinstance(errno, str) else None
        return errno if found is None else found

    rules = tuple(each._replace(errno=number(each.errno)) for each in profile.rules)
    return profile._replace(default_errno=number(profile.default_errno), rules=rules)
