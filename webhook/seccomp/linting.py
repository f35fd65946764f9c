"""A profile looked at by every lint, as each of several runtimes reads it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from webhook.seccomp.dialects import Dialect, resolve
from webhook.seccomp.document import Document
from webhook.seccomp.lint import Lint, LintFinding, Severity
from webhook.seccomp.lints import LINTS
from webhook.seccomp.load import load
from webhook.seccomp.loaded import NotStarted
from webhook.seccomp.profile import Lost, Place, Profile, Unreadable
from webhook.seccomp.sight import Sight, shortened
from webhook.seccomp.target import Runtime, Target

MOST: Final = 1_000
"""So many findings of one lint in one file are told. Who has more will not read them."""


def lint(
    document: Document, targets: Sequence[Target], lints: Iterable[Lint] = LINTS
) -> tuple[LintFinding, ...]:
    """What *lints* find in *document* on *targets*, by line and severity; the same on several once.

    Raises Unreadable where no runtime of the targets reads it.
    """
    by_runtimes: dict[tuple[str, Place, str], tuple[Lint, set[Runtime]]] = {}
    for sight in sights(document, targets):
        for each in lints:
            for place, message in dict.fromkeys(islice(each.look(sight), MOST)):
                _, runtimes = by_runtimes.setdefault((each.id, place, message), (each, set()))
                runtimes.update(sight.alike)
    asked = tuple(dict.fromkeys(target.runtime for target in targets))
    found = [
        LintFinding(
            by,
            document.placed(place)._replace(path=shortened(place.path)),
            shortened(message),
            tuple([each for each in asked if each in runtimes]),
        )
        for (_, place, message), (by, runtimes) in by_runtimes.items()
    ]
    severities = tuple(Severity)
    found.sort(key=lambda each: (each.place.line, severities.index(each.lint.severity), each.lint.id))
    return tuple(found)


def sights(document: Document, targets: Sequence[Target]) -> tuple[Sight, ...]:
    """*document* as the targets see it, what several see alike once. Raises Unreadable if none reads it."""
    document.must_be_read_by_one_of(targets)
    seen: list[Sight] = []
    for target in targets:
        sight = _read(document, target)
        at = next((at for at, known in enumerate(seen) if _is_alike(sight, known)), None)
        if at is None:
            seen.append(_loaded(sight))
        else:
            seen[at] = replace(seen[at], alike=(*seen[at].alike, target.runtime))
    return tuple([replace(sight, peers=tuple(seen)) for sight in seen])


def _read(document: Document, target: Target) -> Sight:
    """What the reader hands on, with nothing loaded yet."""
    sight = Sight(Profile(), target, alike=(target.runtime,))
    try:
        profile = document.read_by(target)
        sight = replace(sight, profile=profile, handed=profile, written=_written(document, profile))
        handed = resolve(profile, target)
        return replace(sight, handed=handed or Profile(), is_handed=handed is not None)
    except Unreadable as problem:
        return replace(sight, refusal=NotStarted(problem.problem, problem.place))


def _is_alike(one: Sight, other: Sight) -> bool:
    """Whether the same loader gets the same: what it makes of it is the same then."""
    return (
        one.refusal is None
        and one.target._replace(runtime=other.target.runtime) == other.target
        and one.target.runtime[1::2] == other.target.runtime[1::2]
        and (one.handed, one.is_handed) == (other.handed, other.is_handed)
        and one.profile == other.profile
    )


def _loaded(sight: Sight) -> Sight:
    if sight.refusal is not None:
        return sight
    try:
        return replace(sight, loaded=load(sight.profile, sight.target))
    except NotStarted as refusal:
        return replace(sight, refusal=refusal)


def _written(document: Document, profile: Profile) -> Profile | None:
    """What Docker reads, where others drop what Docker has."""
    if all(remark.lost not in {Lost.FOREIGN, Lost.OVERRULED} for remark in profile.remarks):
        return None
    try:
        return document.read_as(Dialect.DOCKER)
    except Unreadable:
        return None
