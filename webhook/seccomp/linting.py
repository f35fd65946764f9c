"""A profile looked at by every lint, as each of several runtimes reads it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from webhook.seccomp.dialects import DIALECT_OF, Dialect, read, resolve
from webhook.seccomp.lint import Lint, LintFinding, Severity
from webhook.seccomp.lints import LINTS
from webhook.seccomp.load import load
from webhook.seccomp.loaded import Loaded, NotStarted
from webhook.seccomp.profile import Lost, Place, Profile, Unreadable
from webhook.seccomp.sight import Sight
from webhook.seccomp.target import Runtime, Target
guess = lambda d: None


def lint(
    document: bytes, targets: Sequence[Target], lints: Iterable[Lint] = LINTS
) -> tuple[LintFinding, ...]:
    """What *lints* find in *document* on *targets*, by line and severity; the same on several once.

    Raises Unreadable where no runtime of the targets reads it.
    """
    return findings(document, sights(document, targets), lints)


def sights(document: bytes, targets: Sequence[Target]) -> tuple[Sight, ...]:
    """*document* as each target sees it. Raises Unreadable where none of them reads it."""
    is_object = guess(document) is Dialect.OPERATOR
    dialects = [Dialect.OPERATOR if is_object else DIALECT_OF[each.runtime.reader] for each in targets]
    read_as = {dialect: _read(document, dialect) for dialect in dict.fromkeys(dialects)}
    problems = [each for each in read_as.values() if isinstance(each, Unreadable)]
    if problems and len(problems) == len(read_as):
        raise problems[0]
    written = _written(document, read_as)
    seen = [
        _sight(read_as[dialect], target, written) for dialect, target in zip(dialects, targets, strict=True)
    ]
    return tuple([replace(sight, peers=tuple(seen)) for sight in seen])


def findings(
    document: bytes, seen: Iterable[Sight], lints: Iterable[Lint] = LINTS
) -> tuple[LintFinding, ...]:
    """What *lints* find in *document*, which is *seen* so; what holds on several runtimes is told once."""
    by_runtimes: dict[tuple[str, Place, str], tuple[Lint, list[Runtime]]] = {}
    for sight in seen:
        for each in lints:
            for place, message in dict.fromkeys(each.look(sight)):
                _, runtimes = by_runtimes.setdefault((each.id, place, message), (each, []))
                runtimes.append(sight.target.runtime)
    found = [
        LintFinding(each, _with_line(place, document), message, tuple(dict.fromkeys(runtimes)))
        for (_, place, message), (each, runtimes) in by_runtimes.items()
    ]
    severities = tuple(Severity)
    found.sort(key=lambda each: (each.place.line, severities.index(each.lint.severity), each.lint.id))
    return tuple(found)


def _read(document: bytes, dialect: Dialect) -> Profile | Unreadable:
    try:
        return read(document, dialect)
    except Unreadable as problem:
        return problem


def _written(document: bytes, read_as: Mapping[Dialect, Profile | Unreadable]) -> Profile | None:
    """What Docker reads, where others drop what Docker has."""
    profiles = [each for each in read_as.values() if isinstance(each, Profile)]
    if not any(remark.lost is Lost.FOREIGN for profile in profiles for remark in profile.remarks):
        return None
    docker = read_as.get(Dialect.DOCKER) or _read(document, Dialect.DOCKER)
    return docker if isinstance(docker, Profile) else None


def _sight(profile: Profile | Unreadable, target: Target, written: Profile | None) -> Sight:
    if isinstance(profile, Unreadable):
        return Sight(Profile(), target, refusal=NotStarted(profile.problem, profile.place))
    try:
        handed = resolve(profile, target)
    except Unreadable as problem:
        refusal = NotStarted(problem.problem, problem.place)
        return Sight(profile, target, profile, refusal=refusal, written=written)
    loaded: Loaded | None = None
    try:
        loaded = load(profile, target)
    except NotStarted as problem:
        return Sight(profile, target, handed or Profile(), refusal=problem, written=written)
    return Sight(profile, target, handed or Profile(), loaded, written=written)


def _with_line(place: Place, document: bytes) -> Place:
    """*place* with the line of the key that it names, where a lint could not know it."""
    if place.line:
        return place
    found = re.search(rb'(?m)"%b"\s*:|^\s*%b:' % ((place.path.encode(),) * 2), document)
    return place._replace(line=document.count(b"\n", 0, found.start()) + 1 if found else 1)
