"""The shape of a control: data beside a generator of what is wrong."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from webhook.policy.core_v1 import Container, Volume
from webhook.policy.path import Path
from webhook.policy.pod import Pod
from webhook.policy.standard import Level, Version


class Rule(NamedTuple):
    """One thing that a control asks: the words of its denial, and what the field must be instead.

    ``words`` is the built-in plugin's sentence with places for what was found; ``webhook.policy.message``
    knows the places. ``must`` is our own advice to the author of the manifest.
    """

    words: str
    must: str


class Violation(NamedTuple):
    """A field that breaks a rule: ``field`` below ``node``, or below the pod where ``node`` is None."""

    rule: Rule
    node: Container | Volume | None
    field: Path
    value: Any = None

    def path(self, pod: Pod) -> Path:
        """The field's place in *pod*, such as ``("spec", "containers", 0, "image")``."""
        return self.field if self.node is None else pod.path_of(self.node) + self.field


Violations = Callable[[Pod], Iterable[Violation]]


class Revision(NamedTuple):
    """What a control asks from version ``since`` on, until the next revision."""

    since: Version
    violations: Violations


def since(version: str, violations: Violations) -> Revision:
    """The revision that holds from *version*, written ``v1.N``, on."""
    return Revision(Version.parse(version), violations)


class Check(NamedTuple):
    """A control of the Pod Security Standards.

    ``fields`` are the paths that it reads, each with the values it allows there, for people to read.
    A denial names the first of ``rules`` that is broken, or, if ``names_every_rule``, every one that is, in
    their order. ``overrides`` are ids of baseline controls that this one replaces
    where it is in force. ``reason`` may hold places, as the words of a rule do.
    """

    id: str
    level: Level
    reason: str
    about: str
    fields: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    revisions: tuple[Revision, ...]
    overrides: tuple[str, ...] = ()
    names_every_rule: bool = False

    def at(self, version: Version) -> Revision | None:
        """The revision in force at *version*, or None where the control does not exist yet."""
        return next((each for each in reversed(self.revisions) if each.since <= version), None)


class Finding(NamedTuple):
    """A control that a pod fails, with every field that makes it fail."""

    check: Check
    violations: tuple[Violation, ...]
