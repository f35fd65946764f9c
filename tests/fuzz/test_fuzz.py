"""A short run of ``make fuzz``, and proof that it would find what it is there to find."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from tests.fuzz import corpus
from tests.fuzz.mutations import mutated_review, mutated_stream
from tests.fuzz.targets import RESTRICTED, Edge, check_answer, decide, put_in, try_mutation, try_review
from webhook.admission import Answer
from webhook.policy.engine import controls, evaluate
from webhook.policy.pod import Pod
from webhook.policy.standard import Standard

INPUTS = 3000
REVIEWS = corpus.reviews()
STREAMS = corpus.streams()


def inputs(
    mutate: Callable[[bytes, Random, bytes], bytes], samples: list[bytes], number: int = INPUTS
) -> Iterator[bytes]:
    for seed in range(number):
        random = Random(seed)  # noqa: S311 - the same inputs every time
        yield mutate(random.choice(samples), random, random.choice(samples))


def test_no_review_is_answered_wrongly() -> None:
    assert all(try_review(data) for data in REVIEWS)
    answered = [try_review(data) for data in inputs(mutated_review, REVIEWS)]

    # Neither all nor nothing: flaws are small enough to go deep, and large enough to be refused.
    assert INPUTS // 10 < sum(answered) < INPUTS


def test_nothing_is_put_in_wrongly() -> None:
    samples = [try_mutation(data) for data in REVIEWS]
    patched = [try_mutation(data) for data in inputs(mutated_review, REVIEWS)]

    assert 0 < sum(samples) < len(samples)
    assert INPUTS // 50 < sum(patched) < INPUTS


def test_no_stream_is_answered_wrongly() -> None:
    edge = Edge()
    sound = [edge.try_stream(data) for data in STREAMS]
    answered = [edge.try_stream(data) for data in inputs(mutated_stream, STREAMS)]
    edge.close()

    assert all(sound)
    assert INPUTS // 20 < sum(answered) < INPUTS


def found_by(attempt: Callable[[bytes], object]) -> str:
    """What the first input is told of for which something does not hold."""
    for data in inputs(mutated_review, REVIEWS):
        try:
            attempt(data)
        except AssertionError as error:
            return str(error).partition("\n")[0]
    return "nothing"


def test_a_yes_to_everything_is_found() -> None:
    def careless(data: bytes) -> None:
        try:
            request = json.loads(data)["request"]
        except (ValueError, KeyError, TypeError):
            return
        if isinstance(request, dict) and isinstance(request.get("uid"), str):
            response = {"uid": request["uid"], "allowed": True}
            review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}
            check_answer(data, json.dumps(review).encode())

    assert found_by(careless).startswith(("let in", "answered, and not understood"))


def with_answer(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], object]:
    def changed(data: bytes) -> Answer:
        answer = decide(data)
        review = json.loads(answer.body)
        change(review["response"])
        return Answer(json.dumps(review).encode(), answer.decision)

    return lambda data: try_review(data, changed)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda response: response.update(uid="another"), "the uid is another"),
        (lambda response: response.update(allowed="true"), "neither yes nor no"),
        (lambda response: response.pop("status", None), "a no without a reason"),
    ],
    ids=["another uid", "no boolean", "no status"],
)
def test_an_answer_that_is_none_is_found(change: Callable[[dict[str, Any]], object], found: str) -> None:
    assert found_by(with_answer(change)) == found


ENFORCED = [check.id for check, _ in controls(RESTRICTED)]


@pytest.mark.parametrize("control", ENFORCED)
def test_a_control_that_is_missing_is_found(control: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def lax(pod: Pod, standard: Standard, _only: object) -> Any:  # noqa: ANN401 - as the engine's
        return [each for each in evaluate(pod, standard) if each.check.id != control]

    monkeypatch.setattr("webhook.admission.rules.evaluate", lax)

    assert found_by(try_review).startswith("let in against the standard")


def test_a_wrong_type_that_is_overlooked_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def lax(_document: object, _kind: object) -> Pod:
        from webhook.policy.pod import pod_from  # noqa: PLC0415 - not what is being replaced

        return pod_from({"spec": {"runtimeClassName": "exempt-class"}})

    monkeypatch.setattr("webhook.admission.pods.pod_in", lax)

    assert found_by(try_review).startswith("let in")


def with_patch(operation: dict[str, Any]) -> Callable[[bytes], object]:
    def changed(data: bytes) -> Answer:
        answer = put_in(data)
        review = json.loads(answer.body)
        if "patch" in review["response"]:
            operations = [*json.loads(b64decode(review["response"]["patch"])), operation]
            review["response"]["patch"] = b64encode(json.dumps(operations).encode()).decode()
        return Answer(json.dumps(review).encode(), answer.decision)

    return lambda data: try_mutation(data, changed)


@pytest.mark.parametrize(
    ("operation", "found"),
    [
        ({"op": "remove", "path": "/metadata"}, "more than adds"),
        ({"op": "add", "path": "/spec", "value": {}}, "something is gone"),
        ({"op": "add", "path": "/spec/hostIPC", "value": True}, "a flaw that was not there"),
    ],
    ids=["removes", "replaces", "opens"],
)
def test_a_patch_that_does_harm_is_found(operation: dict[str, Any], found: str) -> None:
    assert found_by(with_patch(operation)) == found
