"""From a pod to the verdict about the object that holds it."""

from typing import Any

import pytest

from webhook.policy.path import Path, dotted
from webhook.policy.standard import LATEST, Level, Standard, Version
from webhook.policy.workload import KINDS, pod_of
from webhook.reports.judge import Manifest, exempted, judge
from webhook.reports.verdict import Holder, ObjectName, OffendingField, Source, Verdict

RESTRICTED = Standard(Level.RESTRICTED, LATEST)
SAFE = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
SAFE_POD = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}

PORT = ("spec", "containers", 0, "ports", 0, "hostPort")


def manifest_of(kind: tuple[str, str], written: dict[str, Any], filled: tuple[Path, ...] = ()) -> Manifest:
    return Manifest(
        written,
        filled,
        name=ObjectName(*kind, "shop", "cart"),
        source=Source("cart.yaml", 2, 7),
        template=KINDS[kind].template,
        line_of=len,
    )


def judged(written: dict[str, Any], standard: Standard = RESTRICTED, **arguments: Any) -> Verdict:  # noqa: ANN401 - passed on
    kind = ("apps/v1", "Deployment") if "template" in written.get("spec", {}) else ("v1", "Pod")
    pod = pod_of(*kind, written)
    assert pod is not None
    return judge(manifest_of(kind, written, **arguments), pod, standard)


def only_field(verdict: Verdict) -> OffendingField:
    [violation] = verdict.violations
    [field] = violation.fields
    return field


def test_a_pod_that_conforms_is_allowed_without_a_word() -> None:
    verdict = judged(
        {"spec": {"securityContext": SAFE_POD, "containers": [{"name": "a", "securityContext": SAFE}]}}
    )

    assert verdict.allowed
    assert verdict.highest_level is Level.RESTRICTED
    assert verdict.message == ""
    assert verdict.violations == ()


def test_a_lenient_question_still_tells_the_strictest_level() -> None:
    verdict = judged(
        {"spec": {"containers": [{"name": "a"}]}}, Standard(Level.PRIVILEGED, Version.parse("v1.20"))
    )

    assert verdict.allowed
    assert verdict.highest_level is Level.BASELINE


def test_a_violation_speaks_as_the_plugin_does() -> None:
    verdict = judged({"spec": {"hostNetwork": True}}, Standard(Level.BASELINE, LATEST))

    assert verdict.message == (
        'would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)'
    )
    assert verdict.highest_level is Level.PRIVILEGED
    assert [(each.control, each.level, each.reason, each.detail) for each in verdict.violations] == [
        ("hostNamespaces", Level.BASELINE, "host namespaces", "hostNetwork=true")
    ]


def test_a_field_of_a_template_has_its_path_in_the_manifest() -> None:
    spec = {
        "securityContext": SAFE_POD,
        "initContainers": [{"name": "a", "securityContext": SAFE}, {"name": "b"}],
    }
    verdict = judged({"spec": {"template": {"spec": spec}}})

    field = verdict.violations[0].fields[0]
    assert dotted(field.path) == (
        "spec.template.spec.initContainers[1].securityContext.allowPrivilegeEscalation"
    )
    assert field.own == 2
    assert field.line == len(field.path)
    assert field.holder == Holder("init container", "b")
    assert field.container == "b"


def test_a_volume_is_no_container() -> None:
    verdict = judged(
        {"spec": {"volumes": [{"name": "logs", "hostPath": {"path": "/var/log"}}]}},
        Standard(Level.BASELINE, LATEST),
    )

    field = only_field(verdict)
    assert field.holder == Holder("volume", "logs")
    assert field.container is None
    assert field.value == {"path": "/var/log"}


def test_a_field_that_is_not_set_has_no_value() -> None:
    # The controls read a profile without a type as one of type "".
    verdict = judged({"spec": {"securityContext": {"seccompProfile": {}}}}, Standard(Level.BASELINE, LATEST))

    assert only_field(verdict).value is None
    assert not only_field(verdict).is_filled_in


def test_what_the_server_fills_in_is_told_apart() -> None:
    ports = [{"containerPort": 1, "hostPort": 1}, {"containerPort": 2, "hostPort": 2}]
    verdict = judged(
        {"spec": {"containers": [{"name": "a", "ports": ports}]}},
        Standard(Level.BASELINE, LATEST),
        filled=(("spec", "containers", 0, "ports", 1, "hostPort"),),
    )

    [violation] = verdict.violations
    assert [(field.value, field.is_filled_in) for field in violation.fields] == [(1, False), (2, True)]


@pytest.mark.parametrize("filled", [(), (PORT,)], ids=["written", "filled in"])
def test_a_port_of_a_pod_on_the_nodes_network_is_mended_by_leaving_that(filled: tuple[Path, ...]) -> None:
    container = {"name": "a", "ports": [{"containerPort": 1, "hostPort": 1}]}
    spec = {"hostNetwork": True, "containers": [container]}
    _, ports = judged({"spec": spec}, Standard(Level.BASELINE, LATEST), filled=filled).violations

    [field] = ports.fields
    assert field.path == PORT
    assert "spec.hostNetwork removed" in field.must


def test_a_port_of_a_template_is_mended_alone() -> None:
    container = {"name": "a", "ports": [{"containerPort": 1, "hostPort": 1}]}
    spec = {"hostNetwork": True, "containers": [container]}
    _, ports = judged({"spec": {"template": {"spec": spec}}}, Standard(Level.BASELINE, LATEST)).violations

    assert "hostNetwork" not in ports.fields[0].must


def test_an_exempt_object_is_allowed_and_says_why() -> None:
    written = {"spec": {"hostNetwork": True}}
    pod = pod_of("v1", "Pod", written)
    assert pod is not None
    verdict = exempted(manifest_of(("v1", "Pod"), written), pod, RESTRICTED, 'namespace "shop"')

    assert verdict.allowed
    assert verdict.message == 'exempt: namespace "shop"'
    assert verdict.highest_level is Level.PRIVILEGED
