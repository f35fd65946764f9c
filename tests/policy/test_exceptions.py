"""Exceptions: ``exceptions.yaml``, what holds for all of them, and what users asked for."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.excepting import TODAY, broken, exceptions_of, left_of
from tests.strategies.pods import Manifest, pods
from tests.strategies.standards import standards
from webhook.config import ConfigurationError
from webhook.policy.check import Finding, Violation
from webhook.policy.checks import CHECKS
from webhook.policy.core_v1 import Container
from webhook.policy.engine import evaluate
from webhook.policy.pod import pod_from
from webhook.policy.relief import Exceptions, Subject, relieved
from webhook.policy.selection import Selection
from webhook.policy.standard import LATEST, Level, Standard, Version

CONTROL_CASES = Path(__file__).with_name("cases")
CASES = yaml.safe_load(Path(__file__).with_name("exceptions.yaml").read_text())
ADDS: Manifest = {"securityContext": {"capabilities": {"add": ["SYS_TIME"]}}}
CLOCK: Manifest = {"name": "clock", "image": "registry.example/clock:4.5", **ADDS}
POD: Manifest = {"metadata": {"name": "clock-x", "labels": {"app": "clock"}}, "spec": {"containers": [CLOCK]}}


def adding(*capabilities: str) -> Manifest:
    security = {"capabilities": {"add": list(capabilities)}}
    return {**POD, "spec": {"containers": [{**CLOCK, "securityContext": security}]}}


def merged(plain: Manifest, changes: Manifest) -> Manifest:
    result = deepcopy(plain)
    for name, value in changes.items():
        is_object = isinstance(value, dict) and isinstance(plain.get(name), dict)
        result[name] = merged(plain[name], value) if is_object else value
    return result


@pytest.mark.parametrize("case", [pytest.param(each, id=each["name"]) for each in CASES])
def test_an_exception_lets_pass_what_it_matches(case: dict[str, Any]) -> None:
    exceptions = exceptions_of(case.get("change", {}))
    left = left_of(merged(POD, case.get("pod", {})), exceptions, **case.get("where", {}))

    assert (left.findings == ()) is case["passes"]
    assert [each.exception for each in left.uses] == ["clock"] * case["passes"]


def test_what_is_not_let_pass_is_told_as_ever() -> None:
    pod = adding("SYS_TIME", "NET_RAW")

    assert broken(pod, exceptions_of({})) == [
        "capabilities_baseline: clock securityContext.capabilities.add.1"
    ]


@pytest.mark.parametrize("level", [Level.BASELINE, Level.RESTRICTED])
def test_a_host_path_is_known_by_its_path_whichever_control_complains(level: Level) -> None:
    volumes = [{"name": "a", "hostPath": {"path": "/var/log"}}, {"name": "b", "hostPath": {"path": "/"}}]
    both = [{"control": each, "values": ["/var/log"]} for each in ("hostPathVolumes", "restrictedVolumes")]
    left = broken(
        {"spec": {"volumes": volumes}}, exceptions_of({"allow": both}), standard=Standard(level, LATEST)
    )

    assert [each.split()[1] for each in left] == ["b"]


def test_a_true_is_not_a_one() -> None:
    pod = {"spec": {"hostPID": True}}

    assert broken(pod, exceptions_of({"allow": [{"control": "hostNamespaces", "values": [1]}]}))
    assert not broken(pod, exceptions_of({"allow": [{"control": "hostNamespaces", "values": [True]}]}))


def test_a_field_is_let_pass_by_itself() -> None:
    allowed = {"control": "hostNamespaces", "fields": ["spec.hostPID"]}

    assert broken({"spec": {"hostPID": True, "hostIPC": True}}, exceptions_of({"allow": [allowed]})) == [
        "hostNamespaces: spec.hostIPC"
    ]


# What holds for every pod.


@st.composite
def some_exceptions(draw: st.DrawFn) -> Exceptions:
    """Exceptions of one to three controls, for pods or for containers by name."""
    ids = draw(st.lists(st.sampled_from([check.id for check in CHECKS]), min_size=1, max_size=3))
    found = []
    for number, control in enumerate(ids):
        change: dict[str, Any] = {"name": f"e{number}", "allow": [{"control": control}]}
        if any("containers" in field for field in next(c for c in CHECKS if c.id == control).fields):
            change["match"] = draw(st.sampled_from([{}, {"containers": ["a"]}, {"containers": ["b*"]}]))
        found.append(change)
    return exceptions_of(*found)


def is_matched(finding: Finding, violation: Violation, exceptions: Exceptions) -> bool:
    """By the letter of the exceptions made above, and not by the code under test."""
    for each in exceptions.all:
        if each.allows[0].control == finding.check.id:
            names = {name.text for name in each.match.containers}
            node = violation.node
            if not names:
                return True
            name = (node.name or "") if isinstance(node, Container) else None
            if name is not None and (name == "a" if names == {"a"} else name.startswith("b")):
                return True
    return False


@given(pods(), standards(), some_exceptions())
def test_an_exception_takes_what_it_matches_and_never_anything_else(
    manifest: Manifest, standard: Standard, exceptions: Exceptions
) -> None:
    everything = [
        (finding, violation)
        for finding in evaluate(pod_from(manifest), standard)
        for violation in finding.violations
    ]
    expected = [
        (finding.check.id, violation)
        for finding, violation in everything
        if not is_matched(finding, violation, exceptions)
    ]
    left = left_of(manifest, exceptions, standard=standard)

    assert [(each.check.id, violation) for each in left.findings for violation in each.violations] == expected
    assert all(finding.violations for finding in left.findings)
    assert bool(left.uses) is (len(expected) < len(everything))


@given(pods(), standards(), some_exceptions(), st.sampled_from(["", "shops", "sho", "other"]))
def test_another_namespace_is_judged_as_without_exceptions(
    manifest: Manifest, standard: Standard, exceptions: Exceptions, namespace: str
) -> None:
    left = left_of(manifest, exceptions, standard=standard, namespace=namespace)

    assert left == (evaluate(pod_from(manifest), standard), ())


@given(pods(), standards(), some_exceptions())
def test_expired_exceptions_are_none(manifest: Manifest, standard: Standard, exceptions: Exceptions) -> None:
    left = left_of(manifest, exceptions, standard=standard, day=date(2027, 1, 1))

    assert left == (evaluate(pod_from(manifest), standard), ())


@given(pods(), standards())
def test_without_exceptions_nothing_changes(manifest: Manifest, standard: Standard) -> None:
    assert left_of(manifest, Exceptions(), standard=standard) == (evaluate(pod_from(manifest), standard), ())


# What users asked for, or were hurt by.


def test_an_exception_is_for_a_workload_not_for_a_label_alone() -> None:
    """Exemption by a label alone was asked for by image or namespace (gatekeeper-library#288)."""
    with pytest.raises(ConfigurationError, match="must name at least one namespace"):
        exceptions_of({"match": {"namespaces": [], "labels": {"app": "clock"}}})


def failing_cases() -> Iterator[Any]:
    """For each control a pod that it refuses."""
    for check in CHECKS:
        cases = yaml.safe_load((CONTROL_CASES / f"{check.id}.yaml").read_text())
        case = next(each for each in cases if "paths" in each)
        yield pytest.param(check.id, case, id=check.id)


@pytest.mark.parametrize(("control", "case"), tuple(failing_cases()))
def test_every_control_can_be_excepted_at_every_version_and_takes_no_other_with_it(
    control: str, case: dict[str, Any]
) -> None:
    """One was enforced in pinned versions that did not have it, and could not be excluded (kyverno#14521)."""
    for version in (case.get("version", "latest"), "latest"):
        standard = Standard(Level.RESTRICTED, Version.parse(version))
        only = Selection(frozenset({control}))
        pod = pod_from(case["pod"])
        findings = evaluate(pod, standard, only)
        excepted = exceptions_of({"allow": [{"control": control}]})
        others = exceptions_of(
            *(
                {"allow": [{"control": each.id}], "name": f"n{at}"}
                for at, each in enumerate(CHECKS)
                if each.id != control
            )
        )
        subject = Subject.of_pod(pod, "shop")

        assert relieved(findings, subject, excepted, TODAY).findings == ()
        assert relieved(findings, subject, others, TODAY) == (findings, ())


def test_an_exception_is_for_one_workload_of_a_namespace() -> None:
    """Only levels for whole namespaces: too permissive, or split the project (kubernetes#108802)."""
    by_name = exceptions_of({"match": {"workloads": [{"kind": "Pod", "name": "clock-x"}]}})

    assert broken(POD, by_name) == []
    assert broken(merged(POD, {"metadata": {"name": "cart-x"}}), by_name) != []


def test_no_label_of_a_pod_makes_an_exception() -> None:
    """A pod's label could exempt it from the webhook (security-profiles-operator#3467)."""
    labels = {"seccomp-webhook.io/exception": "clock", "seccomp-webhook.io/defaults": "disabled"}
    elsewhere = {"match": {"namespaces": ["other"]}}

    assert broken(
        merged(POD, {"metadata": {"labels": labels, "annotations": labels}}), exceptions_of(elsewhere)
    )


def test_an_image_is_no_selector_for_a_control_of_the_pod() -> None:
    """It never could match (kyverno/policies#1040): the workload is."""
    host = [{"control": "hostNamespaces"}]
    with pytest.raises(ConfigurationError, match="is about the pod"):
        exceptions_of({"match": {"images": ["registry.example/clock"]}, "allow": host})
    owned = {
        "ownerReferences": [
            {"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "clock", "controller": True}
        ]
    }
    pod = {"metadata": owned, "spec": {"hostPID": True}}
    by_workload = {"workloads": [{"kind": "DaemonSet", "name": "clock"}]}
    assert broken(pod, exceptions_of({"match": by_workload, "allow": host})) == []


def test_the_second_container_does_not_pass_with_the_first() -> None:
    """(kyverno#4622, #4623)"""
    second = {**CLOCK, "name": "second", "image": "other"}
    pod = merged(POD, {"spec": {"containers": [CLOCK, second]}})

    for match in ({"containers": ["clock"]}, {"images": ["registry.example/clock"]}):
        assert broken(pod, exceptions_of({"match": match})) == [
            "capabilities_baseline: second securityContext.capabilities.add.0"
        ]


@pytest.mark.parametrize("pattern", ["*", "*-system", "a*b", "?", "", "**"])
def test_no_wildcard_is_broader_than_it_looks(pattern: str) -> None:
    """(kyverno#6615, #9836)"""
    for place in ("namespaces", "containers", "serviceAccounts"):
        with pytest.raises(ConfigurationError, match=rf"match.{place}\[0\]: must be a name"):
            exceptions_of({"match": {place: [pattern]}})
    with pytest.raises(ConfigurationError, match=r"match.images\[0\]: must be REPOSITORY"):
        exceptions_of({"match": {"images": [pattern]}})


def test_values_are_not_ignored() -> None:
    """(kyverno#12888)"""
    assert broken(adding("SYS_ADMIN"), exceptions_of({}))


@pytest.mark.parametrize("name", ["clock", "clock-1"])
def test_ephemeral_and_init_containers_are_matched_as_any(name: str) -> None:
    """Exceptions were not applied to ephemeral containers (kyverno#9484); nor may they pass along."""
    exceptions = exceptions_of({"match": {"containers": ["clock"]}})
    for kind in ("ephemeralContainers", "initContainers"):
        left = broken({"spec": {kind: [{**CLOCK, "name": name}]}}, exceptions)
        assert bool(left) is (name != "clock")


def test_a_digest_says_what_runs_whatever_the_tag() -> None:
    digest = f"sha256:{'0' * 64}"
    pod = merged(POD, {"spec": {"containers": [{**CLOCK, "image": f"registry.example/clock:4.5@{digest}"}]}})

    assert broken(pod, exceptions_of({"match": {"images": ["registry.example/clock:4.5"]}}))
    assert not broken(pod, exceptions_of({"match": {"images": [f"registry.example/clock@{digest}"]}}))
    assert not broken(pod, exceptions_of({"match": {"images": ["registry.example/clock"]}}))
