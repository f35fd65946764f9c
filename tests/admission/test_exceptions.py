"""Exceptions as reviews meet them: pods, their subresources, controllers, namespaces."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from tests.admission.cases import World, body_of, labels, request_of, settings_in
from tests.policy.excepting import TODAY, exceptions_of
from tests.strategies.reviews import Case, cases
from webhook.admission import Answer, review
from webhook.config import DEFAULTS, Settings
from webhook.policy.pod import pod_from

ADDS = {"securityContext": {"capabilities": {"add": ["SYS_TIME"]}}}
CLOCK = {"metadata": {"name": "clock"}, "spec": {"containers": [{"name": "clock", **ADDS}]}}
ENFORCED = labels({"enforce": "baseline", "audit": "baseline", "warn": "baseline"})
OWNER = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "clock", "controller": True, "uid": "1"}


def answer_to(
    *changes: dict[str, Any],
    world: World | None = None,
    today: Callable[[], date] | None = lambda: TODAY,
    **request: object,
) -> Answer:
    settings = DEFAULTS._replace(exceptions=exceptions_of(*changes))
    cluster = world or World(ENFORCED)
    body = body_of(request_of({"object": CLOCK, **request}))
    return review(body, settings=settings, cluster=cluster, clock=lambda: 0.0, today=today)


def response_of(answer: Answer) -> dict[str, Any]:
    response: dict[str, Any] = json.loads(answer.body)["response"]
    return response


def test_a_pod_is_let_in_and_the_audit_log_says_by_which_exception() -> None:
    """The plugin's exemptions leave no trace (kubernetes/enhancements#2582)."""
    answer = answer_to({})

    response = response_of(answer)
    assert response["allowed"]
    assert "warnings" not in response
    assert response["auditAnnotations"] == {
        "enforce-policy": "baseline:latest",
        "exception": "clock (capabilities_baseline)",
    }
    assert answer.decision.exceptions == ("clock",)
    assert answer.decision.controls == ()
    assert [each.decision for each in answer.decision.evaluations] == ["allow"]


def test_what_an_exception_does_not_cover_is_refused_in_the_words_of_ever() -> None:
    other = {"spec": {"containers": [{"name": "clock", **ADDS}, {"name": "app", **ADDS}]}}
    response = response_of(answer_to({"match": {"containers": ["clock"]}}, object=other))

    assert response["status"]["message"] == (
        'pods "cart" is forbidden: violates PodSecurity "baseline:latest": non-default capabilities '
        '(container "app" must not include "SYS_TIME" in securityContext.capabilities.add)'
    )
    assert response["auditAnnotations"]["exception"] == "clock (capabilities_baseline)"


@pytest.mark.parametrize("today", [None, lambda: date(2027, 1, 1)])
def test_without_a_day_or_after_the_last_one_nothing_is_let_pass(today: Callable[[], date] | None) -> None:
    answer = answer_to({}, today=today)

    assert not answer.decision.allowed
    assert "exception" not in response_of(answer)["auditAnnotations"]


@pytest.mark.parametrize(("name", "allowed"), [("clock", True), ("debug", False)])
def test_an_ephemeral_container_is_excepted_by_its_own_name(name: str, *, allowed: bool) -> None:
    old = {"spec": {"containers": [{"name": "app"}]}}
    new = {"spec": {**old["spec"], "ephemeralContainers": [{"name": name, **ADDS}]}}
    answer = answer_to(
        {"match": {"containers": ["clock"]}},
        object=new, oldObject=old, operation="UPDATE",
        subResource="ephemeralcontainers", requestSubResource="ephemeralcontainers",
    )  # fmt: skip

    assert answer.decision.allowed is allowed


@pytest.mark.parametrize(
    ("resource", "metadata", "excepted"),
    [
        ("deployments", {"name": "clock"}, True),
        ("deployments", {"name": "cart"}, False),
        ("replicasets", {"name": "clock-7d9f", "ownerReferences": [OWNER]}, True),
        ("replicasets", {"name": "clock"}, False),
        ("daemonsets", {"name": "clock"}, False),
        ("deployments", {"name": "clock", "ownerReferences": 5}, False),
    ],
)
def test_a_controller_is_warned_about_unless_its_pods_are_excepted(
    resource: str, metadata: dict[str, Any], *, excepted: bool
) -> None:
    holder = {"metadata": metadata, "spec": {"template": CLOCK}}
    by_name = {"match": {"workloads": [{"kind": "Deployment", "name": "clock"}]}}
    response = response_of(answer_to(by_name, resource=resource, object=holder))

    assert ("warnings" not in response) is excepted


def test_existing_pods_are_not_warned_about_where_they_are_excepted() -> None:
    other = {"metadata": {"name": "other"}, "spec": {"containers": [{"name": "app", **ADDS}]}}
    world = World(ENFORCED, [pod_from(CLOCK), pod_from(other)])
    response = response_of(
        answer_to(
            {"match": {"workloads": [{"kind": "Pod", "name": "clock"}]}},
            world=world,
            resource="namespaces",
            operation="UPDATE",
            object={"metadata": {"labels": {"enforce": "baseline"}}},
            oldObject={},
        )
    )

    assert response["warnings"][1:] == ["other: non-default capabilities"]


@given(cases())
def test_exceptions_of_another_namespace_change_no_answer(case: Case) -> None:
    settings = settings_in({"configuration": case["configuration"]} if case["configuration"] else {})
    world = World((case["namespaces"].get("shop") or {}).get("labels") or {})
    elsewhere = exceptions_of({"match": {"namespaces": ["other", "shop-*"]}})
    body = body_of(case["request"])

    def answered(settings: Settings) -> bytes:
        return review(body, settings=settings, cluster=world, clock=lambda: 0.0, today=lambda: TODAY).body

    assert answered(settings._replace(exceptions=elsewhere)) == answered(settings)


def test_only_the_selected_controls_are_asked_in_the_words_of_ever() -> None:
    settings = DEFAULTS._replace(only=frozenset({"capabilities_baseline"}))
    pod = {"spec": {"hostPID": True, "containers": [{"name": "clock", **ADDS}]}}

    def answered(written: dict[str, Any]) -> dict[str, Any]:
        body = body_of(request_of({"object": written}))
        return response_of(review(body, settings=settings, cluster=World(ENFORCED), clock=lambda: 0.0))

    assert answered(pod)["status"]["message"] == (
        'pods "cart" is forbidden: violates PodSecurity "baseline:latest": non-default capabilities '
        '(container "clock" must not include "SYS_TIME" in securityContext.capabilities.add)'
    )
    assert answered({"spec": {"hostPID": True, "containers": [{"name": "clock"}]}})["allowed"]
