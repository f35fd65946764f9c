"""A webhook that refuses nothing: the same judgment, told instead of carried out."""

import msgspec
import pytest

from tests.admission.cases import CASES, Case, body_of, request_of, settings_in, world_of
from webhook.admission import Answer, review


def answered(case: Case, *, audit_only: bool) -> Answer:
    body = body_of(request_of(case.get("request", {})))
    return review(
        body, settings=settings_in(case), cluster=world_of(case), clock=lambda: 0.0, audit_only=audit_only
    )


DENIED = [case for case in CASES if "denied" in case]
ALLOWED = [case for case in CASES if "denied" not in case]


@pytest.mark.parametrize("case", DENIED, ids=[case["name"] for case in DENIED])
def test_what_would_be_denied_is_let_in_and_told(case: Case) -> None:
    denied = case["denied"]
    answer = answered(case, audit_only=True)
    response = msgspec.json.decode(answer.body)["response"]

    assert response["allowed"] is True
    assert "status" not in response
    assert response["warnings"][0] == f"audit only, would be refused: {denied['message']}"
    assert response["auditAnnotations"] == {**case.get("annotations", {}), "would-refuse": denied["message"]}


@pytest.mark.parametrize("case", DENIED, ids=[case["name"] for case in DENIED])
def test_it_is_counted_and_logged_as_what_would_be_denied(case: Case) -> None:
    decision = answered(case, audit_only=True).decision
    denial = answered(case, audit_only=False).decision

    assert (decision.evaluations, decision.errors) == (denial.evaluations, denial.errors)
    assert (decision.allowed, decision.code, decision.would_refuse) == (True, 200, denial.code)
    assert (decision.reason, decision.message) == (denial.reason, denial.message)
    assert decision.controls == denial.controls


@pytest.mark.parametrize("case", ALLOWED, ids=[case["name"] for case in ALLOWED])
def test_what_is_let_in_anyway_is_answered_as_ever(case: Case) -> None:
    assert answered(case, audit_only=True) == answered(case, audit_only=False)


def test_what_cannot_be_judged_is_let_in_too_and_its_defect_is_logged() -> None:
    class Broken:
        def labels_of(self, _namespace: str, _deadline: float | None = None) -> dict[str, str]:
            raise RuntimeError

        def pods_in(self, _namespace: str, _deadline: float) -> list[object]:
            raise RuntimeError

    answer = review(
        body_of(request_of({})),
        settings=settings_in({}),
        cluster=Broken(),  # type: ignore[arg-type]  # it breaks its word
        clock=lambda: 0.0,
        audit_only=True,
    )

    assert msgspec.json.decode(answer.body)["response"]["allowed"] is True
    assert isinstance(answer.decision.failure, RuntimeError)
    assert answer.decision.would_refuse == 500
