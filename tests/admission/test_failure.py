"""A defect of ours, or of a cluster that breaks its word: never a yes by accident, and never a crash."""

from collections.abc import Mapping, Sequence
from typing import NoReturn

import msgspec
import pytest

from tests.admission.cases import UID, body_of, labels, request_of
from webhook.admission import Answer, review
from webhook.config import DEFAULTS
from webhook.policy.pod import Pod

SAID = f'evaluation failed; the webhook\'s log has the reason beside the uid "{UID}"'


class Broken(Exception):
    pass


class BrokenCluster:
    def labels_of(self, namespace: str, _deadline: float | None = None) -> Mapping[str, str]:
        if namespace == "shop":
            raise Broken
        return labels({"enforce": "restricted"})

    def pods_in(self, _namespace: str, _deadline: float) -> Sequence[Pod]:
        raise Broken


def answer_to(**changes: object) -> Answer:
    return review(body_of(request_of(changes)), settings=DEFAULTS, cluster=BrokenCluster(), clock=lambda: 0.0)


def test_a_pod_is_denied() -> None:
    answer = answer_to()

    assert msgspec.json.decode(answer.body)["response"] == {
        "uid": UID,
        "allowed": False,
        "status": {
            "status": "Failure",
            "code": 500,
            "reason": "InternalError",
            "message": f"Internal error occurred: {SAID}",
            "details": {"causes": [{"message": SAID}]},
        },
        "auditAnnotations": {"error": f"Internal error occurred: {SAID}"},
    }
    assert isinstance(answer.decision.failure, Broken)
    assert answer.decision.errors == (True,)


def test_a_namespace_is_denied() -> None:
    changed = {"metadata": {"labels": {"enforce": "baseline"}}}
    answer = answer_to(resource="namespaces", operation="UPDATE", object=changed, oldObject={})

    assert answer.decision.code == 500
    assert isinstance(answer.decision.failure, Broken)


def test_a_controller_is_allowed_and_the_audit_log_knows() -> None:
    answer = answer_to(resource="deployments")

    assert msgspec.json.decode(answer.body)["response"] == {
        "uid": UID,
        "allowed": True,
        "auditAnnotations": {"error": SAID},
    }
    assert isinstance(answer.decision.failure, Broken)
    assert answer.decision.errors == (True,)


def test_a_control_that_fails_denies(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> NoReturn:
        raise Broken

    monkeypatch.setattr("webhook.admission.rules.evaluate", broken)

    assert answer_to(namespace="other").decision.code == 500
    assert answer_to(namespace="other", resource="jobs").decision.allowed
