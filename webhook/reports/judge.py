"""From a pod to the verdict about the object that holds it."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from webhook.policy import check
from webhook.policy.check import Finding
from webhook.policy.engine import evaluate, highest_level
from webhook.policy.message import detail, reason, would_violate
from webhook.policy.path import Path
from webhook.policy.pod import Pod
from webhook.policy.relief import Relieved
from webhook.policy.selection import ALL, Selection
from webhook.policy.standard import Level, Standard
from webhook.reports.verdict import POD, Holder, ObjectName, OffendingField, Source, Verdict, Violation

LineOf = Callable[[Path], int]
"""The line of a field of a manifest, or of the nearest thing around it that is there."""

_HOLDERS: Final = {
    "initContainers": "init container",
    "containers": "container",
    "ephemeralContainers": "ephemeral container",
    "volumes": "volume",
}
# Of a pod, but not of a template: with hostNetwork the API server fills in what is 0 or unset.
_MUST_LEAVE_NETWORK: Final = "0 or unset, and spec.hostNetwork removed, which makes all ports host ports"


class Manifest(NamedTuple):
    """An object with all that the API server fills in, and where the template of the pod in it stands.

    ``filled`` are the paths of what is not in the file.
    """

    completed: Any
    filled: frozenset[Path]
    name: ObjectName
    source: Source
    template: Path
    line_of: LineOf


Relieve = Callable[[tuple[Finding, ...]], Relieved]
"""What is left of findings after exceptions."""


def judge(
    manifest: Manifest,
    pod: Pod,
    standard: Standard,
    relieve: Relieve = Relieved,
    selection: Selection = ALL,
) -> Verdict:
    """What *standard*, or a *selection* of controls, says of *manifest*, whose pod is *pod*.

    The highest level is that of the standards themselves, without exceptions and selections.
    """
    found = evaluate(pod, standard, selection)
    findings, uses = relieve(found)
    passes_all = not found and selection.only is None and standard.level is Level.RESTRICTED
    return Verdict(
        manifest.source,
        manifest.name,
        standard,
        allowed=not findings,
        highest_level=Level.RESTRICTED if passes_all else highest_level(pod, standard.version),
        message=would_violate(standard, findings) if findings else "",
        violations=tuple([_violation(each, manifest, pod) for each in findings]),
        exceptions=tuple(dict.fromkeys(each.exception for each in uses)),
    )


def exempted(manifest: Manifest, pod: Pod, standard: Standard, exemption: str) -> Verdict:
    """The verdict about an object of which nothing is asked, because of *exemption*."""
    return Verdict(
        manifest.source,
        manifest.name,
        standard,
        allowed=True,
        highest_level=highest_level(pod, standard.version),
        message=f"exempt: {exemption}",
        violations=(),
        exemption=exemption,
    )


def _violation(finding: Finding, manifest: Manifest, pod: Pod) -> Violation:
    control = finding.check
    return Violation(
        control.id,
        control.level,
        reason(finding),
        detail(finding),
        tuple([offending_field(each, manifest, pod) for each in finding.violations]),
    )


def offending_field(found: check.Violation, manifest: Manifest, pod: Pod) -> OffendingField:
    """The field of *pod*, in *manifest*, that *found* is about."""
    path = found.path(pod)
    holder = Holder(_HOLDERS[str(path[1])], found.node.name) if found.node else POD
    is_of_network = not manifest.template and path[-1] == "hostPort" and pod.spec.host_network
    path = manifest.template + path
    return OffendingField(
        path,
        own=len(found.field),
        holder=holder,
        line=manifest.line_of(path),
        value=_at(manifest.completed, path),
        is_filled_in=any(path[:length] in manifest.filled for length in range(1, len(path) + 1)),
        must=_MUST_LEAVE_NETWORK if is_of_network else found.rule.must,
    )


def _at(manifest: Any, path: Path) -> Any:  # noqa: ANN401 - what a parser returned
    """The value at *path*; None where there is none."""
    for step in path:
        try:
            manifest = manifest[step]
        except (KeyError, IndexError, TypeError):
            return None
    return manifest
