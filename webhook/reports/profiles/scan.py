"""What a look at the profiles of a cluster found."""

from typing import Any, NamedTuple

from webhook.policy.path import Path
from webhook.reports.verdict import ObjectName


class Place(NamedTuple):
    """A field, from the object's root, the container or volume that it belongs to, and what it holds."""

    path: Path
    container: str | None
    value: Any


class Wrong(NamedTuple):
    """A control that a workload breaks, in the words of a denial."""

    control: str
    detail: str
    fields: tuple[Place, ...]


class Scanned(NamedTuple):
    """A workload with something wrong, or of which something could not be found out (``doubts``)."""

    object: ObjectName
    level: str
    profiles: tuple[str, ...]
    violations: tuple[Wrong, ...]
    doubts: tuple[str, ...] = ()


class Unused(NamedTuple):
    """A seccomp profile that no workload names: on how many nodes it is, and what is wrong with it."""

    path: str
    nodes: int
    error: str = ""


class ProfileScan(NamedTuple):
    """All that was found.

    ``using`` of so many ``workloads`` name a profile of the node. ``reported`` of so many ``nodes`` say what
    they hold: ``profiles`` with different paths. ``unused`` is None where not everything was looked at.
    """

    workloads: int
    using: int
    results: tuple[Scanned, ...]
    unused: tuple[Unused, ...] | None
    nodes: int
    reported: int
    profiles: int
    errors: tuple[str, ...] = ()

    @property
    def denied(self) -> int:
        """How many workloads have something wrong."""
        return sum(bool(each.violations) for each in self.results)

    @property
    def doubtful(self) -> int:
        """Of how many others something could not be found out."""
        return len(self.results) - self.denied
