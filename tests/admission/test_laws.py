"""What holds for every review, whatever is in it."""

from copy import deepcopy

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.admission.cases import CASES, Case, World, body_of, labels, request_of, settings_in, world_of
from tests.strategies.json_values import json_values, places
from webhook.admission import Answer, NotAReview, review
from webhook.admission.pods import IGNORED_SUBRESOURCES
from webhook.config import DEFAULTS
from webhook.policy.engine import evaluate
from webhook.policy.path import Path
from webhook.policy.pod import MalformedObject, pod_from
from webhook.policy.standard import LATEST, Level, Standard

RESTRICTED = Standard(Level.RESTRICTED, LATEST)

SOUND_CONTAINER = {
    "name": "app",
    "image": "app:1",
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "privileged": False,
        "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
        "seccompProfile": {"type": "RuntimeDefault"},
        "runAsNonRoot": True,
        "runAsUser": 1000,
    },
    "ports": [{"containerPort": 80, "hostPort": 0}],
    "livenessProbe": {"httpGet": {"host": "", "port": 80}},
}
SOUND_POD = {
    "metadata": {"name": "cart", "annotations": {"a": "b"}},
    "spec": {
        "containers": [SOUND_CONTAINER],
        "initContainers": [{**SOUND_CONTAINER, "name": "init"}],
        "ephemeralContainers": [{**SOUND_CONTAINER, "name": "debug"}],
        "volumes": [{"name": "data", "emptyDir": {}}],
        "securityContext": {"runAsNonRoot": True, "sysctls": [{"name": "kernel.shm_rmid_forced"}]},
        "hostNetwork": False,
        "hostUsers": True,
        "os": {"name": "linux"},
        "runtimeClassName": "sandbox",
    },
}
REQUESTS = [
    request_of({"object": SOUND_POD}),
    request_of({"object": SOUND_POD, "operation": "UPDATE", "oldObject": SOUND_POD}),
    request_of({"resource": "deployments", "object": {"spec": {"template": SOUND_POD}}}),
    request_of({"resource": "namespaces", "object": {"metadata": {"labels": {"enforce": "restricted"}}}}),
    request_of(
        {
            "resource": "namespaces",
            "operation": "UPDATE",
            "object": {"metadata": {"labels": {"enforce": "restricted", "warn-version": "v1.20"}}},
            "oldObject": {"metadata": {"labels": {"enforce": "baseline"}}},
        }
    ),
]

WORDS = ("Unconfined", "Pod", "Deployment", "v1", "UPDATE", "DELETE", "pods", "namespaces", "shop", "exec")


def replaced(value: Case, place: Path, new: object) -> object:
    if not place:
        return new
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[place[0]] = replaced(value[place[0]], place[1:], new)
    return changed


@st.composite
def disturbed(draw: st.DrawFn, requests: list[Case]) -> object:
    """A request with any JSON in any one of its places."""
    request = draw(st.sampled_from(requests))
    place = draw(st.sampled_from(list(places(request))))
    return replaced(request, place, draw(json_values() | st.sampled_from(WORDS)))


def answered(body: bytes) -> Answer | None:
    world = World(
        labels({"enforce": "restricted", "audit": "baseline"}), [pod_from({"spec": {"hostPID": True}})]
    )
    try:
        return review(body, settings=DEFAULTS, cluster=world, clock=lambda: 0.0)
    except NotAReview:
        return None


@given(disturbed(REQUESTS))
def test_any_json_in_any_place_is_answered_or_no_review(request: Case) -> None:
    answer = answered(body_of(request))

    assert answer is None or answer.decision.failure is None
    if answer is not None:
        response = msgspec.json.decode(answer.body)["response"]
        assert response["uid"] == request["uid"]
        assert response["allowed"] is ("status" not in response)
        assert all(text.isprintable() for text in response.get("warnings", ()))


@given(disturbed(REQUESTS[:2]))
def test_a_pod_is_allowed_only_if_it_was_understood_and_conforms(request: Case) -> None:
    answer = answered(body_of(request))

    if answer is not None and answer.decision.allowed and is_about_a_pod(answer):
        assert request["object"].get("kind") in {"Pod", None, ""}
        assert conforms(request["object"]) or (
            answer.decision.operation == "UPDATE" and not answer.decision.evaluations
        )


@given(disturbed(REQUESTS[:2]))
def test_a_pod_with_a_field_of_a_wrong_type_is_denied_with_its_path(request: Case) -> None:
    answer = answered(body_of(request))

    if answer is not None and is_about_a_pod(answer) and answer.decision.code == 422:
        with pytest.raises(MalformedObject) as malformed:
            pod_from(request["object"])
        assert malformed.value.path in answer.decision.message


@given(st.sampled_from(REQUESTS), st.integers(0, 5000), st.integers(0, 9), st.binary(max_size=9))
def test_any_bytes_are_answered_or_no_review(request: Case, start: int, length: int, new: bytes) -> None:
    body = body_of(request)
    answer = answered(body[:start] + new + body[start + length :])

    assert answer is None or answer.decision.failure is None


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_answering_changes_nothing_and_repeats_itself(case: Case) -> None:
    world = world_of(case)
    before = deepcopy((world.labels, [(pod.metadata, pod.spec) for pod in world.pods]))
    body = body_of(request_of(case.get("request", {})))
    first, second = (
        review(body, settings=settings_in(case), cluster=world, clock=lambda: 0.0) for _ in range(2)
    )

    assert first.body == second.body
    assert (world.labels, [(pod.metadata, pod.spec) for pod in world.pods]) == before


def is_about_a_pod(answer: Answer) -> bool:
    decision = answer.decision
    return decision.metric_resource == "pod" and decision.subresource not in IGNORED_SUBRESOURCES


def conforms(manifest: Case) -> bool:
    try:
        return not evaluate(pod_from(manifest), RESTRICTED)
    except MalformedObject:
        return False
