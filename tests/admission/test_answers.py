"""What an answer may hold, whatever it has to tell."""

import msgspec
import pytest

from tests.admission.cases import World, body_of, labels, request_of
from webhook.admission import Answer, review
from webhook.admission.evaluation import LONGEST_WORDS
from webhook.config import DEFAULTS
from webhook.policy.pod import pod_from


def answer_to(world: World, **changes: object) -> Answer:
    return review(body_of(request_of(changes)), settings=DEFAULTS, cluster=world, clock=lambda: 0.0)


@pytest.mark.parametrize(
    ("character", "written"),
    [("\n", "\\n"), ("\x00", "\\x00"), ("\x1b", "\\x1b"), ("\x7f", "\\x7f"), ("\x85", "\\u0085")],
)
def test_control_characters_are_written_out(character: str, written: str) -> None:
    container = {"name": f"a{character}b", "securityContext": {"privileged": True}}
    changes = {"object": {"spec": {"containers": [container]}}}
    warned = answer_to(World(labels({"warn": "baseline"})), **changes)
    denied = answer_to(World(labels({"enforce": "baseline"})), **changes)

    said = f'privileged (container "a{written}b" must not set securityContext.privileged=true)'
    assert warned.decision.warnings == (f'would violate PodSecurity "baseline:latest": {said}',)
    assert denied.decision.message.endswith(said)


def test_printable_text_of_any_script_is_left_as_it_is() -> None:
    container = {"name": 'ünï-日本\u00a0"\\', "securityContext": {"privileged": True}}
    warned = answer_to(World(labels({"warn": "baseline"})), object={"spec": {"containers": [container]}})

    assert 'container "ünï-日本\u00a0"\\" must' in warned.decision.warnings[0]


def test_text_of_the_cluster_may_be_no_unicode() -> None:
    changes = {"resource": "namespaces", "operation": "UPDATE", "oldObject": {}}
    world = World(pods=[pod_from({"metadata": {"name": "\ud800"}, "spec": {"hostPID": True}})])
    warned = answer_to(world, object={"metadata": {"labels": {"enforce": "baseline"}}}, **changes)
    failed = answer_to(World(lookup="\udcff"), resource="jobs")

    assert warned.decision.warnings[1] == "\\ud800: host namespaces"
    assert failed.decision.error == 'failed to lookup namespace "shop": \\udcff'


def test_the_answer_alone_goes_back_and_not_the_request() -> None:
    answer = answer_to(World())

    assert msgspec.json.decode(answer.body).keys() == {"apiVersion", "kind", "response"}


def test_a_denial_of_any_length_is_cut() -> None:
    containers = [{"name": "\x7f" * 50_000} for _ in range(3)]
    denied = answer_to(
        World(labels({"enforce": "restricted", "audit": "restricted"})),
        object={"spec": {"containers": containers}},
    )

    assert denied.decision.code == 403
    assert denied.decision.message.endswith("\\x7f…")
    assert len(denied.body) < 12 * LONGEST_WORDS


@pytest.mark.parametrize(("resource", "code"), [("pods", 422), ("deployments", 200), ("namespaces", 422)])
def test_an_object_that_would_fill_the_memory_is_not_decoded(resource: str, code: int) -> None:
    world = World(labels({"enforce": "baseline", "warn": "baseline"}))
    decision = answer_to(world, resource=resource, object={"spec": {"containers": [0] * 500_002}}).decision

    assert "must not have more than 500,000 fields and items" in decision.error
    assert decision.code == code


def test_a_label_is_not_said_at_any_length() -> None:
    answer = answer_to(
        World(), resource="namespaces", object={"metadata": {"labels": labels({"enforce": "a" * 5_000_000})}}
    )

    assert answer.decision.code == 422
    assert len(answer.body) < 1000
