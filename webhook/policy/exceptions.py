"""Exceptions: single violations that a configuration lets pass, for a reason and until a day.

What one lets pass is here, and for whom; ``webhook.policy.relief`` lets it. Why an exception is as narrow as
it is: docs/decisions/0011-exceptions.md.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final, NamedTuple

from webhook.policy.check import Violation
from webhook.policy.core_v1 import Container, Volume
from webhook.policy.origins import Origin
from webhook.policy.path import Path, dotted
from webhook.policy.patterns import Image, Name
from webhook.policy.pod import Pod

Value = str | bool | int

_HOST_PATH: Final = ("hostPath",)
_DEFAULT_ACCOUNT: Final = "default"


class WorkloadName(NamedTuple):
    """Workloads of a kind, by name."""

    group: str
    kind: str
    name: Name

    def covers(self, origin: Origin) -> bool:
        """Whether *origin* is meant."""
        return (self.group, self.kind) == origin[:2] and self.name.covers(origin.name)


class Match(NamedTuple):
    """Whom an exception is for: every part that is not empty must agree.

    With ``containers`` or ``images`` it is for these containers alone, and not for their pod.
    """

    namespaces: tuple[Name, ...]
    workloads: tuple[WorkloadName, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    service_accounts: tuple[Name, ...] = ()
    containers: tuple[Name, ...] = ()
    images: tuple[Image, ...] = ()

    @property
    def is_of_containers(self) -> bool:
        """Whether it is for containers alone."""
        return bool(self.containers or self.images)

    def covers_pod(self, pod: Pod, origins: Callable[[], Iterable[Origin]]) -> bool:
        """Whether *pod*, of one of the namespaces, agrees with what is asked of pods."""
        labels = pod.metadata.labels or {}
        if any(labels.get(key) != value for key, value in self.labels):
            return False
        if self.service_accounts:
            account = account_of(pod)
            if not any(each.covers(account) for each in self.service_accounts):
                return False
        return not self.workloads or any(
            each.covers(origin) for origin in origins() for each in self.workloads
        )

    def covers_node(self, node: Container | Volume | None) -> bool:
        """Whether what is wrong with *node*, or with the pod itself, may be let pass."""
        if not self.is_of_containers:
            return True
        if not isinstance(node, Container):
            return False
        if self.containers and not any(each.covers(node.name or "") for each in self.containers):
            return False
        return not self.images or any(each.covers(node.image or "") for each in self.images)


class Allowance(NamedTuple):
    """What is let pass: violations of a control, or of these ``fields`` and ``values`` of it alone.

    Fields are called as in ``Check.fields``.
    """

    control: str
    fields: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()

    def covers(self, violation: Violation) -> bool:
        """Whether *violation*, of this control, is let pass."""
        if self.values and not any(_is_same(each, value_of(violation)) for each in self.values):
            return False
        return not self.fields or any(_is_below(each, _field_of(violation)) for each in self.fields)


class PolicyException(NamedTuple):
    """What is let pass, for whom, why, and the last day on which it is, in UTC."""

    name: str
    reason: str
    expires: date
    match: Match
    allows: tuple[Allowance, ...]

    def holds_on(self, day: date) -> bool:
        """Whether it has not expired."""
        return day <= self.expires


def account_of(pod: Pod) -> str:
    """The name of the service account that *pod* runs as."""
    return pod.spec.service_account_name or pod.spec.service_account or _DEFAULT_ACCOUNT


def value_of(violation: Violation) -> object:
    """The value to compare: of a volume from the node, its path, whichever control complains."""
    if isinstance(violation.node, Volume) and violation.field == _HOST_PATH and violation.node.host_path:
        return violation.node.host_path.path or ""
    return violation.value


def _is_same(allowed: Value, value: object) -> bool:
    # To Python, true is 1.
    return type(allowed) is type(value) and allowed == value


def _field_of(violation: Violation) -> str:
    """The field as controls list theirs: ``spec.containers[*].ports[*].hostPort``."""
    above: Path = ()
    if violation.node is not None:
        above = ("spec", "containers" if isinstance(violation.node, Container) else "volumes", "*")
    return dotted(tuple("*" if isinstance(step, int) else step for step in (*above, *violation.field)))


def _is_below(field: str, place: str) -> bool:
    if field.endswith("*]") and not field.endswith("[*]"):  # the beginning of an annotation's key
        return place.startswith(field[:-2])
    return place == field or place.startswith((f"{field}.", f"{field}["))
