"""A profile looked at by every lint, as each of several runtimes reads it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from webhook.seccomp.dialects import Dialect, resolve
from webhook.seccomp.document import Document
from webhook.seccomp.lint import Lint, LintFinding, Severity
from webhook.seccomp.lints import LINTS
from webhook.seccomp.load import load
from webhook.seccomp.loaded import NotStarted
from webhook.seccomp.profile import Lost, Place, Profile, Unreadable
from webhook.seccomp.sight import Sight
from webhook.seccomp.target import Runtime, Target


def lint(
    document: Document, targets: Sequence[Target], lints: Iterable[Lint] = LINTS
) -> tuple[LintFinding, ...]:
    """What *lints* find in *document* on *targets*, by line and severity; the same on several once.

    Raises Unreadable where no runtime of the targets reads it.
    """
    return findings(document, sights(document, targets), lints)


def sights(document: Document, targets: Sequence[Target]) -> tuple[Sight, ...]:
    """*document* as each target sees it. Raises Unreadable where none of them reads it."""
    document.must_be_read_by_one_of(targets)
    seen = [_sight(document, target) for target in targets]
    return tuple([replace(sight, peers=tuple(seen)) for sight in seen])


def findings(
    document: Document, seen: Iterable[Sight], lints: Iterable[Lint] = LINTS
) -> tuple[LintFinding, ...]:
    """What *lints* find in *document*, which is *seen* so; what holds on several runtimes is told once."""
    by_runtimes: dict[tuple[str, Place, str], tuple[Lint, list[Runtime]]] = {}
    for sight in seen:
        for each in lints:
            for place, message in dict.fromkeys(each.look(sight)):
                _, runtimes = by_runtimes.setdefault((each.id, place, message), (each, []))
                runtimes.append(sight.target.runtime)
    found = [
        LintFinding(each, document.placed(place), message, tuple(dict.fromkeys(runtimes)))
        for (_, place, message), (each, runtimes) in by_runtimes.items()
    ]
    severities = tuple(Severity)
    found.sort(key=lambda each: (each.place.line, severities.index(each.lint.severity), each.lint.id))
    return tuple(found)


def _sight(document: Document, target: Target) -> Sight:
    try:
        profile = document.read_by(target)
    except Unreadable as problem:
        return Sight(Profile(), target, refusal=NotStarted(problem.problem, problem.place))
    sight = Sight(profile, target, profile, written=_written(document, profile))
    try:
        handed = resolve(profile, target)
        return replace(sight, handed=handed or Profile(), loaded=load(profile, target))
    except Unreadable as problem:
        return replace(sight, refusal=NotStarted(problem.problem, problem.place))
    except NotStarted as problem:
        return replace(sight, handed=handed or Profile(), refusal=problem)


def _written(document: Document, profile: Profile) -> Profile | None:
    """What Docker reads, where others drop what Docker has."""
    if all(remark.lost is not Lost.FOREIGN for remark in profile.remarks):
        return None
    try:
        return document.read_as(Dialect.DOCKER)
    except Unreadable:
        return None
