"""The section ``exceptions`` of our configuration: what is let pass, for whom, why and until when."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from webhook.config.errors import ConfigurationError, Problem
from webhook.config.names import label_problems
from webhook.config.shape import SCALAR, MapOf
from webhook.nodes.controls import CONTROLS as NODE_CONTROLS
from webhook.policy.check import Check
from webhook.policy.checks import CHECKS
from webhook.policy.exceptions import Allowance, Match, PolicyException, WorkloadName
from webhook.policy.extras import EXTRAS
from webhook.policy.nearest import did_you_mean
from webhook.policy.patterns import Image, Name
from webhook.policy.relief import Exceptions
from webhook.policy.workload import KINDS

FIELDS: Final = [
    {
        "name": str,
        "reason": str,
        "expires": str,
        "match": {
            "namespaces": [str],
            "workloads": [{"group": str, "kind": str, "name": str}],
            "labels": MapOf(str),
            "serviceAccounts": [str],
            "containers": [str],
            "images": [str],
        },
        "allow": [{"control": str, "fields": [str], "values": [SCALAR]}],
    }
]

CONTROLS: Final[Mapping[str, Check]] = {
    check.id: check for check in (*CHECKS, *(extra.check for extra in EXTRAS.values()), *NODE_CONTROLS)
}
"""What there can be an exception from: also extra controls, whether or not they are asked."""

_GROUPS: Final = {workload.kind: workload.group for workload in KINDS.values()}
_OF_CONTAINERS: Final = "spec.containers[*]"
DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NO_NAMESPACE: Final = (
    "must name at least one namespace: all else about a pod, labels included, is written by its author"
)

_Parsed = TypeVar("_Parsed")


def exceptions_in(section: Sequence[Mapping[str, Any] | None]) -> Exceptions:
    """The exceptions in ``exceptions``. Raises ConfigurationError with all that is wrong."""
    entries = [_Entry(each or {}, f"[{index}]") for index, each in enumerate(section)]
    found = [entry.read() for entry in entries]
    problems = [problem for entry in entries for problem in entry.problems]
    seen: set[str] = set()
    for entry, each in zip(entries, found, strict=True):
        if each.name in seen:
            problems.append(_problem(f"{entry.place}.name", "another exception has this name"))
        elif each.name:
            seen.add(each.name)
    if problems:
        raise ConfigurationError.of(tuple(problems))
    return Exceptions(found)


class _Entry:
    """One exception as it is written; what is wrong with it is collected, and read as something harmless."""

    def __init__(self, written: Mapping[str, Any], place: str) -> None:
        self.place = place
        self.problems: list[Problem] = []
        self._written = written

    def read(self) -> PolicyException:
        """The exception. Where there are problems, it is good for nothing."""
        name = self._required("name")
        for problem in label_problems(name) if name else ():
            self._wrong("name", problem)
        reason = self._required("reason").strip()
        match = self._match(self._written.get("match") or {})
        return PolicyException(name, reason, self._day(), match, tuple(self._allowances(match)))

    def _required(self, field: str) -> str:
        text: str = self._written.get(field) or ""
        if not text.strip():
            self._wrong(field, "must be set")
            return ""
        return text

    def _day(self) -> date:
        text = self._required("expires")
        try:
            if text and re.fullmatch(DAY, text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        if text:
            self._wrong("expires", "must be the last day on which the exception holds, as in 2027-01-31")
        return date.min

    def _match(self, written: Mapping[str, Any]) -> Match:
        if not written.get("namespaces"):
            self._wrong("match.namespaces", _NO_NAMESPACE)
        workloads = written.get("workloads") or ()
        return Match(
            namespaces=self._all("match.namespaces", written.get("namespaces"), Name.parse),
            workloads=tuple(
                self._workload(f"match.workloads[{at}]", each or {}) for at, each in enumerate(workloads)
            ),
            labels=tuple((key, value or "") for key, value in (written.get("labels") or {}).items()),
            service_accounts=self._all("match.serviceAccounts", written.get("serviceAccounts"), Name.parse),
            containers=self._all("match.containers", written.get("containers"), Name.parse),
            images=self._all("match.images", written.get("images"), Image.parse),
        )

    def _workload(self, place: str, written: Mapping[str, str | None]) -> WorkloadName:
        kind = written.get("kind") or ""
        group = written.get("group")
        if not kind:
            self._wrong(f"{place}.kind", "must be set")
        elif group is None and kind not in _GROUPS:
            self._wrong(f"{place}.kind", f"is not built in: name its group too{did_you_mean(kind, _GROUPS)}")
        [name] = self._all(f"{place}.name", [written.get("name")], Name.parse) or [Name("")]
        return WorkloadName(_GROUPS.get(kind, "") if group is None else group, kind, name)

    def _allowances(self, match: Match) -> Iterator[Allowance]:
        if not self._written.get("allow"):
            self._wrong("allow", "must name at least one control")
        for index, written in enumerate(self._written.get("allow") or ()):
            place = f"allow[{index}]"
            name = (written or {}).get("control") or ""
            if name not in CONTROLS:
                known = did_you_mean(name, CONTROLS) if name else ""
                self._wrong(
                    f"{place}.control", f"must be the id of a control, as `explain` lists them{known}"
                )
                continue
            fields = self._fields(place, written.get("fields") or (), CONTROLS[name])
            if match.is_of_containers and not any(
                field.startswith(_OF_CONTAINERS) for field in fields or CONTROLS[name].fields
            ):
                self._wrong(place, "is about the pod: an exception for containers or images cannot allow it")
            yield Allowance(name, fields, tuple(self._values(place, written.get("values") or ())))

    def _fields(self, place: str, written: Iterable[str | None], control: Check) -> tuple[str, ...]:
        found = tuple(each or "" for each in written)
        for index, field in enumerate(found):
            if field not in control.fields:
                known = f"must be one of {', '.join(control.fields)}{did_you_mean(field, control.fields)}"
                self._wrong(f"{place}.fields[{index}]", known)
        return found

    def _values(self, place: str, written: Iterable[str | bool | int | None]) -> Iterator[str | bool | int]:
        for index, value in enumerate(written):
            if value is None:
                self._wrong(f"{place}.values[{index}]", "must be a value; without values, all are allowed")
            else:
                yield value

    def _all(
        self, place: str, written: Iterable[str | None] | None, parse: Callable[[str], _Parsed]
    ) -> tuple[_Parsed, ...]:
        found = []
        for index, text in enumerate(written or ()):
            try:
                found.append(parse(text or ""))
            except ValueError as error:
                self._wrong(place if place.endswith("name") else f"{place}[{index}]", str(error))
        return tuple(found)

    def _wrong(self, field: str, text: str) -> None:
        self.problems.append(_problem(f"{self.place}.{field}", text))


def _problem(field: str, text: str) -> Problem:
    return Problem(field, f"{field}: {text}")
