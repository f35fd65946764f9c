"""What is left of findings after exceptions: the one place where these act.

An exception takes away violations, one by one, and nothing else: what it does not match is judged as if it
were not there.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Final, NamedTuple, Self

from webhook.policy.check import Finding, Violation
from webhook.policy.exception_index import Candidate, Group, Looked, Table, rank_of
from webhook.policy.exceptions import Allowance, PolicyException
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


class Use(NamedTuple):
    """The control of which an exception let something pass, and the name of the exception."""

    exception: str
    control: str


class Relieved(NamedTuple):
    """What is left of findings, and which exceptions took the rest."""

    findings: tuple[Finding, ...]
    uses: tuple[Use, ...] = ()


Tables = dict[str, Table]
"""By control."""


class Exceptions:
    """All exceptions of a configuration. ``all`` are in the order of the file, the expired ones too."""

    __slots__ = ("_by_name", "_by_prefix", "_lengths", "all")

    def __init__(self, exceptions: Iterable[PolicyException] = ()) -> None:
        self.all: Final = tuple(exceptions)
        self._by_name = _tables(self.all, is_prefix=False)
        self._by_prefix = _tables(self.all, is_prefix=True)
        self._lengths = sorted(set(map(len, self._by_prefix)))

    def __bool__(self) -> bool:
        return bool(self.all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Exceptions) and self.all == other.all

    def __hash__(self) -> int:
        return hash(self.all)

    def in_namespace(self, namespace: str) -> list[Tables]:
        """What may let anything pass in *namespace*."""
        places = [self._by_prefix.get(namespace[:length]) for length in self._lengths]
        return [tables for tables in (self._by_name.get(namespace), *places) if tables is not None]


def _tables(exceptions: Iterable[PolicyException], *, is_prefix: bool) -> dict[str, Tables]:
    """The candidates by namespace, or beginning of one, and by control."""
    found: dict[str, dict[str, list[Candidate]]] = {}
    for each in exceptions:
        for namespace in each.match.namespaces:
            if namespace.is_prefix is is_prefix:
                place = found.setdefault(namespace.text, {})
                for allowance in each.allows:
                    candidate = Candidate(_rank(each, allowance, namespace), each, allowance)
                    place.setdefault(allowance.control, []).append(candidate)
    return {
        namespace: {control: Table(candidates) for control, candidates in of_control.items()}
        for namespace, of_control in found.items()
    }


def relieved(findings: tuple[Finding, ...], subject: Subject, exceptions: Exceptions, day: date) -> Relieved:
    """*findings* about *subject* without the violations that *exceptions* let pass on *day*.

    The one place where exceptions act: whatever judges pods asks here.
    """
    places = exceptions.in_namespace(subject.namespace) if findings and exceptions else ()
    if not places:
        return Relieved(findings)
    relief = _Relief(subject, day)
    left: list[Finding] = []
    for finding in findings:
        tables = [table for each in places if (table := each.get(finding.check.id)) is not None]
        violations = relief.left_of(finding, tables) if tables else finding.violations
        if violations:
            is_whole = len(violations) == len(finding.violations)
            left.append(finding if is_whole else finding._replace(violations=tuple(violations)))
    return Relieved(tuple(left), tuple(relief.uses))


def told(uses: Iterable[Use]) -> str:
    """Which exceptions let what pass: ``clock (capabilities_baseline, capabilities_restricted)``."""
    controls: dict[str, list[str]] = {}
    for each in uses:
        controls.setdefault(each.exception, []).append(each.control)
    return ", ".join(f"{name} ({', '.join(ids)})" for name, ids in controls.items())


class _Relief:
    """What exceptions do for one pod on one day."""

    __slots__ = ("_covered", "_day", "_looked", "uses")

    def __init__(self, subject: Subject, day: date) -> None:
        self.uses: dict[Use, None] = {}
        self._day = day
        self._looked = Looked(subject.pod, subject.origins)
        self._covered: dict[int, bool] = {}

    def left_of(self, finding: Finding, tables: list[Table]) -> Sequence[Violation]:
        """The violations that no exception lets pass."""
        of_pod = [group for table in tables for group in table.for_pod(self._looked)]
        looking = [table for table in tables if table.looks_at_violations]
        if not of_pod and not looking:
            return finding.violations
        left = []
        for violation in finding.violations:
            groups = of_pod.copy() if looking else of_pod
            for table in looking:
                table.for_violation(self._looked, violation, groups)
            if not groups or not self._is_let_pass(violation, groups, finding.check.id):
                left.append(violation)
        return left

    def _is_let_pass(self, violation: Violation, groups: list[Group], control: str) -> bool:
        candidates = [
            found for each in groups if (found := each.on(self._day)) and self._covers(each, violation)
        ]
        if not candidates:
            return False
        smallest = min(candidates, key=rank_of) if len(candidates) > 1 else candidates[0]
        self.uses[Use(smallest.exception.name, control)] = None
        return True

    def _covers(self, group: Group, violation: Violation) -> bool:
        known = self._covered.get(id(group))
        if known is None:
            known = group.match.covers_pod(self._looked.pod, self._looked.origins)
            self._covered[id(group)] = known
        return known and group.match.covers_node(violation.node) and group.allowance.covers(violation)


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
