"""Exceptions as a configuration writes them, and what they leave of the findings about a pod."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from tests.strategies.pods import Manifest
from webhook.config import Settings, settings_of
from webhook.policy.engine import evaluate
from webhook.policy.pod import pod_from
from webhook.policy.relief import Exceptions, Relieved, Subject, relieved
from webhook.policy.standard import LATEST, Level, Standard

TODAY = date(2026, 11, 22)
BASELINE = Standard(Level.BASELINE, LATEST)
PLAIN: dict[str, Any] = {
    "name": "clock",
    "reason": "the clock is set here",
    "expires": "2026-12-31",
    "match": {"namespaces": ["shop"]},
    "allow": [{"control": "capabilities_baseline", "values": ["SYS_TIME"]}],
}


def exceptions_of(*changes: Mapping[str, Any]) -> Exceptions:
    """The exceptions of a configuration: plain ones with *changes*, which are merged into ``match``."""
    written = []
    for number, change in enumerate(changes):
        match = {**PLAIN["match"], **change.get("match", {})}
        name = PLAIN["name"] if not number else f"{PLAIN['name']}-{number}"
        written.append({**deepcopy(PLAIN), "name": name, **change, "match": match})
    document = {"apiVersion": "seccomp-webhook.io/v1", "kind": "Configuration", "exceptions": written}
    settings = settings_of(document)
    assert isinstance(settings, Settings)
    return settings.exceptions


def left_of(
    manifest: Manifest,
    exceptions: Exceptions,
    *,
    standard: Standard = BASELINE,
    namespace: str = "shop",
    day: date = TODAY,
) -> Relieved:
    """What *exceptions* leave of the findings about the pod *manifest*."""
    pod = pod_from(manifest)
    return relieved(evaluate(pod, standard), Subject.of_pod(pod, namespace), exceptions, day)


def broken(manifest: Manifest, exceptions: Exceptions, **where: Any) -> list[str]:  # noqa: ANN401 - as left_of
    """The violations that are left, as ``control: path``."""
    findings = left_of(manifest, exceptions, **where).findings
    return [
        f"{finding.check.id}: {f'{violation.node.name} ' if violation.node else ''}"
        f"{'.'.join(map(str, violation.field))}"
        for finding in findings
        for violation in finding.violations
    ]
