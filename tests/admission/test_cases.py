"""What is answered to each request of ``cases.yaml``, and what is counted.

A case without ``denied`` is allowed. Where the answer is not the built-in plugin's, ``own`` says why.
"""

from typing import Any

import msgspec
import pytest

from tests.admission.cases import CASES, UID, Case, body_of, request_of, settings_in, world_of
from webhook.admission import Decision, review


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_request_is_answered_as_its_case_says(case: Case) -> None:
    body = body_of(request_of(case.get("request", {})))
    answer = review(body, settings=settings_in(case), cluster=world_of(case), clock=lambda: 0.0)

    assert msgspec.json.decode(answer.body) == {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "response": expected(case),
    }
    assert counted(answer.decision) == case.get("counted", [])


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_decision_tells_the_request_and_the_answer(case: Case) -> None:
    request = request_of(case.get("request", {}))
    answer = review(body_of(request), settings=settings_in(case), cluster=world_of(case), clock=lambda: 0.0)
    decision = answer.decision
    denied = case.get("denied", {})

    assert (decision.uid, decision.user, decision.operation) == (UID, "alice", request["operation"])
    assert (decision.namespace, decision.name) == (request["namespace"], request["name"])
    assert decision.resource == request["resource"]["resource"]
    assert decision.subresource == request.get("requestSubResource", "")
    assert decision.dry_run is request["dryRun"]
    assert decision.allowed is not bool(denied)
    assert (decision.code, decision.reason, decision.message) == (
        denied.get("code", 200),
        denied.get("reason", ""),
        denied.get("message", ""),
    )
    assert decision.exempt == case.get("annotations", {}).get("exempt", "")
    assert decision.error == case.get("annotations", {}).get("error", "")
    assert list(decision.warnings) == case.get("warnings", [])
    assert bool(decision.controls) is any(text.startswith("deny") for text in case.get("counted", ()))
    assert decision.failure is None


def expected(case: Case) -> dict[str, Any]:
    """The response that *case* asks for."""
    response: dict[str, Any] = {"uid": UID, "allowed": "denied" not in case}
    if "denied" in case:
        response["status"] = {"status": "Failure", **case["denied"]}
    if "annotations" in case:
        response["auditAnnotations"] = case["annotations"]
    if "warnings" in case:
        response["warnings"] = case["warnings"]
    return response


def counted(decision: Decision) -> list[str]:
    """What the metrics count of *decision*, in words."""
    evaluations = [f"{each.decision} {each.standard} {each.mode}" for each in decision.evaluations]
    errors = ["fatal error" if fatal else "error" for fatal in decision.errors]
    return sorted([*evaluations, *errors, *(["exemption"] if decision.exempt else [])])
