"""What holds for every pod."""

from collections.abc import Callable
from copy import deepcopy
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.strategies.json_values import json_values, places, replaced
from tests.strategies.mending import mend
from tests.strategies.pods import Manifest, one_fault_each, pods
from tests.strategies.standards import LEVELS, STANDARDS, VERSIONS, standards
from webhook.policy.check import Check, Finding
from webhook.policy.checks import CHECKS
from webhook.policy.engine import evaluate, highest_level
from webhook.policy.message import would_violate
from webhook.policy.path import Path, dotted
from webhook.policy.pod import MalformedObject, Pod, decode_pod, pod_from
from webhook.policy.standard import LATEST, Level, Standard, Version

RESTRICTED = Standard(Level.RESTRICTED, LATEST)


@settings(max_examples=250)
@given(manifest=pods(), version=st.sampled_from(VERSIONS))
def test_restricted_finds_all_that_baseline_finds(manifest: Manifest, version: Version) -> None:
    assume(is_acceptable(manifest))
    pod = pod_from(manifest)
    restricted = evaluate(pod, Standard(Level.RESTRICTED, version))
    found = {path for each in restricted for path in paths(pod, each)}
    stands_for = {name: each.check.id for each in restricted for name in each.check.overrides}

    for finding in evaluate(pod, Standard(Level.BASELINE, version)):
        control = finding.check.id

        assert stands_for.get(control, control) in {each.check.id for each in restricted}
        assert paths(pod, finding) <= found


@settings(max_examples=250)
@given(data=st.data(), manifest=pods(), value=json_values(), standard=standards())
def test_any_json_anywhere_is_evaluated_or_refused_with_its_path(
    data: st.DataObject, manifest: Manifest, value: object, standard: Standard
) -> None:
    place = data.draw(st.sampled_from(sorted(places(manifest), key=str)))
    manifest = replaced(manifest, place, value)

    said = outcome(pod_from, manifest, standard)

    assert said.startswith((f"malformed {as_refused(place)}", "would violate"))
    assert said == outcome(decode_pod, msgspec.json.encode(manifest), standard)


@settings(max_examples=250)
@given(manifest=pods(), standard=standards())
def test_evaluating_changes_nothing(manifest: Manifest, standard: Standard) -> None:
    before = deepcopy(manifest)
    pod = pod_from(manifest)
    once = evaluate(pod, standard)

    assert evaluate(pod, standard) == once
    assert evaluate(pod_from(manifest), standard) == once
    assert manifest == before


@settings(max_examples=250)
@given(manifest=pods())
def test_the_highest_level_is_the_strictest_without_findings(manifest: Manifest) -> None:
    assume(is_acceptable(manifest))
    pod = pod_from(manifest)

    for version in VERSIONS:
        passed = [level for level in Level if not evaluate(pod, Standard(level, version))]

        assert highest_level(pod, version) == max(passed)


@settings(max_examples=250)
@given(manifest=pods(), level=st.sampled_from(LEVELS))
def test_a_later_version_asks_more_except_where_the_standard_says_so(
    manifest: Manifest, level: Level
) -> None:
    pod = pod_from(manifest)
    asked_less = set(LAXER)
    if not pod.is_windows:
        asked_less -= FOR_WINDOWS
    if not pod.has_own_users:
        asked_less -= FOR_USER_NAMESPACES

    for earlier, later in pairwise(VERSIONS):
        before, after = (
            {
                (subject(each.check), path)
                for each in evaluate(pod, Standard(level, version))
                for path in paths(pod, each)
            }
            for version in (earlier, later)
        )

        assert {control for control, _ in before - after} <= {
            control for control, turn in asked_less if turn == later
        }
        assert {control for control, _ in after - before} <= {
            control for control, turn in STRICTER if turn == later
        }


@settings(max_examples=250)
@given(manifest=pods(), standard=standards())
def test_a_violation_is_gone_when_its_field_is_mended(manifest: Manifest, standard: Standard) -> None:
    for_every_violation_mending_helps(manifest, standard)


def test_every_kind_of_violation_is_gone_when_its_field_is_mended() -> None:
    mended: set[str] = set()
    for manifest in (*one_fault_each(), {"spec": {"containers": [{"name": "bare"}]}}):
        for standard in STANDARDS:
            mended |= for_every_violation_mending_helps(manifest, standard)

    assert mended == {check.id for check in CHECKS}


# What changed when, by the name of what both levels call it. Source: Kubernetes documentation, "Pod Security
# Standards", and the versions at which its built-in plugin applies them.
FOR_WINDOWS = {
    ("allowPrivilegeEscalation", 25),
    ("capabilities", 25),
    ("seccompProfile", 25),
}
FOR_USER_NAMESPACES = {("procMount", 35), ("runAsNonRoot", 35), ("runAsUser", 35)}
LAXER = (
    FOR_WINDOWS
    | FOR_USER_NAMESPACES
    | {("sysctls", version) for version in (27, 29, 32, 37)}
    | {("seLinuxOptions", 31), ("seccompProfile", 19)}
)
STRICTER = {
    ("allowPrivilegeEscalation", 8),
    ("seccompProfile", 19),
    ("capabilities", 22),
    ("runAsUser", 23),
    ("hostProbesAndHostLifecycle", 34),
}


def subject(check: Check) -> str:
    """What a control is about, whichever level it is of."""
    return (
        check.id.removesuffix("_baseline")
        .removesuffix("_restricted")
        .replace("hostPathVolumes", "restrictedVolumes")
    )


def is_acceptable(manifest: Manifest) -> bool:
    """Whether the API server would take the pod, in what matters to the two levels.

    A volume has one source; a Windows pod has no settings of Linux.
    """
    spec = manifest["spec"]
    sources = [
        [key for key in volume if key != "name" and volume[key] is not None]
        for volume in spec.get("volumes") or ()
    ]
    return all(len(each) <= 1 for each in sources) and (spec.get("os") or {}).get("name") != "windows"


def paths(pod: Pod, finding: Finding) -> set[Path]:
    return {each.path(pod) for each in finding.violations}


def outcome(read: Callable[[Any], Pod], manifest: object, standard: Standard) -> str:
    try:
        return would_violate(standard, evaluate(read(manifest), standard))
    except MalformedObject as malformed:
        return f"malformed {malformed.path}"


def as_refused(place: Path) -> str:
    """The path as the decoder gives it: it does not tell the keys of a mapping."""
    is_annotation = place[:2] == ("metadata", "annotations") and len(place) > 2
    return "metadata.annotations[...]" if is_annotation else dotted(place)


def for_every_violation_mending_helps(manifest: Manifest, standard: Standard) -> set[str]:
    """Mend the field of each violation, one at a time: it goes, and none comes. The controls that failed."""
    pod = pod_from(manifest)
    findings = evaluate(pod, standard)
    for finding in findings:
        for violation in finding.violations:
            path = violation.path(pod)
            assert path[:2] == ("spec", "volumes") or is_read_as(value_at(manifest, path), violation.value)
            mended = deepcopy(manifest)
            mend(mended, path)
            better = pod_from(mended)
            left = {
                place
                for each in evaluate(better, standard)
                if each.check == finding.check
                for place in paths(better, each)
            }

            assert left <= paths(pod, finding) - {path}, path
    return {each.check.id for each in findings}


def value_at(manifest: Any, path: Path) -> Any:  # noqa: ANN401 - any JSON
    for step in path:
        manifest = manifest[step] if isinstance(step, int) else (manifest or {}).get(step)
    return manifest


def is_read_as(written: object, read: object) -> bool:
    """Whether *read* is what stands in the manifest; that a text is missing and that it is empty is one."""
    return written == msgspec.json.decode(msgspec.json.encode(read)) or (not written and not read)
