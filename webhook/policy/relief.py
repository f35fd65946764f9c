"""What is left of findings after exceptions: the one place where these act.

An exception takes away violations, one by one, and nothing else: what it does not match is judged as if it
were not there.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache, partial
from typing import Final, NamedTuple, Self

from webhook.policy.check import Finding, Violation
from webhook.policy.exceptions import Allowance, Match, PolicyException
from webhook.policy.origins import Origin, origins_of_pod
from webhook.policy.patterns import Name
from webhook.policy.pod import Pod


class Subject(NamedTuple):
    """A pod, where it is, and a way to find out what it comes from: it is asked for seldom.

    ``place`` is where it stands in an object that holds several pods, and otherwise empty.
    """

    pod: Pod
    namespace: str
    origins: Callable[[], Iterable[Origin]]
    place: str = ""

    @classmethod
    def of_pod(cls, pod: Pod, namespace: str) -> Self:
        """A pod that is there by itself, and not in a template."""
        return cls(pod, namespace, partial(origins_of_pod, pod))

    def asked_once(self) -> Self:
        """The same, which finds out what it comes from but once, and when it is first asked."""
        return self._replace(origins=cache(self.origins))


class Use(NamedTuple):
    """The control of which an exception let something pass, and the name of the exception."""

    exception: str
    control: str


class Relieved(NamedTuple):
    """What is left of findings, and which exceptions took the rest."""

    findings: tuple[Finding, ...]
    uses: tuple[Use, ...] = ()


class Exceptions:
    """All exceptions of a configuration. ``all`` are in the order of the file, the expired ones too."""

    __slots__ = ("_by_name", "_by_prefix", "_lengths", "all")

    def __init__(self, exceptions: Iterable[PolicyException] = ()) -> None:
        self.all: Final = tuple(exceptions)
        self._by_name: dict[str, _Tables] = {}
        self._by_prefix: dict[str, _Tables] = {}
        for each in self.all:
            for namespace in each.match.namespaces:
                place = self._by_prefix if namespace.is_prefix else self._by_name
                tables = place.setdefault(namespace.text, {})
                for allowance in each.allows:
                    table = tables.setdefault(allowance.control, {})
                    candidate = _Candidate(_rank(each, allowance, namespace), each, allowance)
                    for origin in _exact_origins(each.match):
                        table.setdefault(origin, []).append(candidate)
        self._lengths = sorted(set(map(len, self._by_prefix)))

    def __bool__(self) -> bool:
        return bool(self.all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Exceptions) and self.all == other.all

    def __hash__(self) -> int:
        return hash(self.all)

    def in_namespace(self, namespace: str) -> list["_Tables"]:
        """What may let anything pass in *namespace*."""
        places = [self._by_prefix.get(namespace[:length]) for length in self._lengths]
        return [tables for tables in (self._by_name.get(namespace), *places) if tables is not None]


def _candidates(
    places: Iterable["_Tables"], control: str, origins: Callable[[], Iterable[Origin]]
) -> list["_Candidate"]:
    """What of *places* may let violations of *control* pass for *origins*, the smallest first."""
    found: list[_Candidate] = []
    for tables in places:
        table = tables.get(control)
        if table is not None:
            found += table.get(None, ())
            if len(table) > (None in table):
                for origin in origins():
                    found += table.get(origin, ())
    found.sort(key=_rank_of)
    return found


def _exact_origins(match: Match) -> tuple[Origin | None, ...]:
    if not match.workloads or any(each.name.is_prefix for each in match.workloads):
        return (None,)
    return tuple({Origin(each.group, each.kind, each.name.text) for each in match.workloads})


class _Candidate(NamedTuple):
    rank: tuple[object, ...]
    exception: PolicyException
    allowance: Allowance


_Tables = dict[str, dict[Origin | None, list[_Candidate]]]
"""By control, and in that by workload; None is for those that name none, or the beginning of one."""


def relieved(findings: tuple[Finding, ...], subject: Subject, exceptions: Exceptions, day: date) -> Relieved:
    """*findings* about *subject* without the violations that *exceptions* let pass on *day*.

    The one place where exceptions act: whatever judges pods asks here.
    """
    places = exceptions.in_namespace(subject.namespace) if findings and exceptions else ()
    if not places:
        return Relieved(findings)
    known: dict[str, bool] = {}
    subject = subject.asked_once()
    left: list[Finding] = []
    uses: dict[Use, None] = {}
    for finding in findings:
        candidates = [
            each
            for each in _candidates(places, finding.check.id, subject.origins)
            if each.exception.holds_on(day) and _covers(each.exception, subject, known)
        ]
        violations = finding.violations
        if candidates:
            violations = tuple(_without_covered(violations, candidates, finding.check.id, uses))
        if violations:
            left.append(
                finding
                if len(violations) == len(finding.violations)
                else finding._replace(violations=violations)
            )
    return Relieved(tuple(left), tuple(uses))


def told(uses: Iterable[Use]) -> str:
    """Which exceptions let what pass: ``clock (capabilities_baseline, capabilities_restricted)``."""
    controls: dict[str, list[str]] = {}
    for each in uses:
        controls.setdefault(each.exception, []).append(each.control)
    return ", ".join(f"{name} ({', '.join(ids)})" for name, ids in controls.items())


def _covers(exception: PolicyException, subject: Subject, known: dict[str, bool]) -> bool:
    covers = known.get(exception.name)
    if covers is None:
        covers = known[exception.name] = exception.match.covers_pod(subject.pod, subject.origins)
    return covers


def _without_covered(
    violations: Iterable[Violation], candidates: list[_Candidate], control: str, uses: dict[Use, None]
) -> Iterator[Violation]:
    for violation in violations:
        for _, exception, allowance in candidates:
            if exception.match.covers_node(violation.node) and allowance.covers(violation):
                uses[Use(exception.name, control)] = None
                break
        else:
            yield violation


def _rank(exception: PolicyException, allowance: Allowance, namespace: Name) -> tuple[object, ...]:
    """How much an exception lets pass, roughly: the less, the smaller."""
    match = exception.match
    return (
        not match.is_of_containers,
        not allowance.values,
        not allowance.fields,
        namespace.is_prefix,
        -sum(map(bool, match)),
        exception.name,
    )


def _rank_of(candidate: _Candidate) -> tuple[object, ...]:
    return candidate.rank
