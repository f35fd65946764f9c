"""Controllers that are refused, where a configuration asks for that."""

import json
from typing import Any

import pytest

from tests.admission.cases import World, body_of, labels, request_of
from webhook.admission import Answer, review
from webhook.config import DEFAULTS

BASELINE = labels({"enforce": "baseline"})
BAD = {"spec": {"template": {"spec": {"hostPID": True, "containers": [{"name": "app", "image": "app:1"}]}}}}
GOOD = {"spec": {"template": {"spec": {"hostPID": False}}}}
ENFORCED = DEFAULTS._replace(enforce_controllers=True)


def answer_to(*, is_enforced: bool = True, **request: Any) -> Answer:  # noqa: ANN401 - any part of a request
    settings = ENFORCED if is_enforced else DEFAULTS
    body = body_of(request_of({"resource": "deployments", "object": BAD, **request}))
    return review(body, settings=settings, cluster=World(BASELINE), clock=lambda: 0.0)


def test_a_new_controller_is_refused_as_its_pods_would_be() -> None:
    """Accepted with a warning, its pods never appear (kubernetes#125507, stefanprodan/timoni#322)."""
    answer = answer_to()

    assert json.loads(answer.body)["response"]["status"] == {
        "status": "Failure",
        "message": 'deployments.apps "cart" is forbidden: violates PodSecurity "baseline:latest": '
        "host namespaces (hostPID=true)",
        "reason": "Forbidden",
        "code": 403,
        "details": {"name": "cart", "group": "apps", "kind": "deployments"},
    }


def test_without_the_wish_it_is_only_warned_about() -> None:
    answer = answer_to(is_enforced=False)

    assert answer.decision.allowed
    assert "warnings" in json.loads(answer.body)["response"]


@pytest.mark.parametrize(
    ("old", "allowed"),
    [
        ({**BAD, "spec": {**BAD["spec"], "replicas": 3}}, True),
        (GOOD, False),
        ({"spec": {"template": 5}}, False),
    ],
)
def test_what_was_there_before_can_still_be_scaled(old: dict[str, Any], *, allowed: bool) -> None:
    """The deployment controller updates replica sets; people scale down what they may not make."""
    assert answer_to(operation="UPDATE", oldObject=old).decision.allowed is allowed


def test_a_controller_of_good_pods_is_let_in() -> None:
    answer = answer_to(object=GOOD)

    assert answer.decision.allowed
    assert answer.decision.controls == ()


def test_a_namespace_that_is_only_enforced_is_enforced_for_controllers() -> None:
    body = body_of(request_of({"resource": "jobs", "object": BAD}))
    asked = {**labels({"enforce": "baseline", "warn": "privileged"})}
    answer = review(body, settings=ENFORCED, cluster=World(asked), clock=lambda: 0.0)

    assert not answer.decision.allowed
    assert answer.decision.metric_resource == "controller"
