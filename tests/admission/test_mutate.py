"""Reviews of what to put into pods: bytes in, bytes with a patch out."""

import base64
import json
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonpatch import JsonPatch

from tests.admission.cases import KINDS, POD, UID, World, body_of, request_of
from tests.admission.test_laws import REQUESTS, disturbed
from tests.policy.excepting import TODAY, exceptions_of
from webhook.admission import Answer, LookupFailed, MustWait, NotAReview, mutate, review
from webhook.config import DEFAULTS, Settings
from webhook.mutation import NONE, RESTRICTED, Switches
from webhook.mutation.choice import LABEL
from webhook.policy.exemptions import Exemptions

PROFILE = {"seccompProfile": {"type": "RuntimeDefault"}}
PATCH = [{"op": "add", "path": "/spec/securityContext", "value": PROFILE}]
DEBUGGED = {"spec": {"ephemeralContainers": [{"name": "debug", "image": "app:1"}]}}
DEBUG = {
    "operation": "UPDATE",
    "subResource": "ephemeralcontainers",
    "requestSubResource": "ephemeralcontainers",
}


def answer_to(world: World | None = None, settings: Settings = DEFAULTS, **changes: object) -> Answer:
    return mutate(body_of(request_of(changes)), settings=settings, cluster=world or World())


def excepted(control: str, containers: list[str], settings: Settings = DEFAULTS) -> Settings:
    change: dict[str, Any] = {"match": {"containers": containers}, "allow": [{"control": control}]}
    return settings._replace(exceptions=exceptions_of(change))


def test_what_an_exception_lets_a_container_be_without_is_not_put_in_and_the_audit_log_says_so() -> None:
    two = {"spec": {"containers": [{"name": "app"}, {"name": "clock"}]}}
    body = body_of(request_of({"object": two}))
    settings = excepted("seccompProfile_restricted", ["clock"])

    def answered(today: Callable[[], date] | None) -> Answer:
        return mutate(body, settings=settings, cluster=World(), today=today)

    answer = answered(lambda: TODAY)
    assert patch_of(answer) == [{"op": "add", "path": "/spec/containers/0/securityContext", "value": PROFILE}]
    assert response_of(answer)["auditAnnotations"] == {
        "mutated": "seccompProfile (spec.containers[0].securityContext.seccompProfile)",
        "exception": "clock (seccompProfile_restricted)",
    }
    assert answer.decision.exceptions == ("clock",)
    for nobody in (None, lambda: date(2027, 1, 1)):
        assert patch_of(answered(nobody)) == PATCH


def test_a_pod_into_which_nothing_is_put_for_an_exception_is_told_of_too() -> None:
    settings = excepted("seccompProfile_restricted", ["app"])
    answer = mutate(body_of(request_of({})), settings=settings, cluster=World(), today=lambda: TODAY)

    assert response_of(answer) == {
        "uid": UID,
        "allowed": True,
        "auditAnnotations": {"exception": "clock (seccompProfile_restricted)"},
    }


def test_an_exception_is_for_a_new_ephemeral_container_too() -> None:
    settings = excepted("runAsNonRoot", ["debug"], DEFAULTS._replace(mutation=Switches.of(["runAsNonRoot"])))
    body = body_of(request_of({"object": DEBUGGED, "oldObject": {"spec": {}}, **DEBUG}))

    assert "patch" in response_of(mutate(body, settings=settings, cluster=World()))
    assert "patch" not in response_of(mutate(body, settings=settings, cluster=World(), today=lambda: TODAY))


def response_of(answer: Answer) -> dict[str, Any]:
    found = json.loads(answer.body)
    assert found["apiVersion"] == "admission.k8s.io/v1"
    assert found["kind"] == "AdmissionReview"
    response: dict[str, Any] = found["response"]
    return response


def patch_of(answer: Answer) -> Any:  # noqa: ANN401 - JSON of any kind
    return json.loads(base64.b64decode(response_of(answer)["patch"]))


def test_the_answer_has_the_patch_and_the_audit_log_says_what_was_put_where() -> None:
    answer = answer_to()

    assert response_of(answer) == {
        "uid": UID,
        "allowed": True,
        "auditAnnotations": {"mutated": "seccompProfile (spec.securityContext.seccompProfile)"},
        "patch": base64.b64encode(json.dumps(PATCH, separators=(",", ":")).encode()).decode(),
        "patchType": "JSONPatch",
    }
    assert answer.decision.mutates
    assert answer.decision.mutated == ("seccompProfile",)


def test_where_there_is_nothing_to_put_in_the_answer_names_no_type_of_patch() -> None:
    world = World()

    assert response_of(answer_to(world, object={"spec": {"securityContext": PROFILE}})) == {
        "uid": UID,
        "allowed": True,
    }
    assert world.asked == [], "nor does it ask for the namespace"


def test_the_restricted_bundle_makes_a_plain_pod_pass_restricted() -> None:
    settings = DEFAULTS._replace(mutation=RESTRICTED)
    patched = JsonPatch(patch_of(answer_to(settings=settings))).apply(request_of({})["object"])
    world = World({"pod-security.kubernetes.io/enforce": "restricted"})

    for asked, allowed in ((request_of({}), False), (request_of({}) | {"object": patched}, True)):
        judged = review(body_of(asked), settings=settings, cluster=world, clock=lambda: 0.0)
        assert judged.decision.allowed is allowed


def test_switched_off_nothing_is_put_in() -> None:
    assert answer_to(settings=DEFAULTS._replace(mutation=NONE)).decision.mutated == ()


@pytest.mark.parametrize("resource", [each for each in KINDS if each != "pods"])
@pytest.mark.parametrize("operation", ["CREATE", "UPDATE"])
def test_templates_and_other_objects_are_never_changed(resource: str, operation: str) -> None:
    assert response_of(answer_to(resource=resource, operation=operation)) == {"uid": UID, "allowed": True}


@pytest.mark.parametrize(
    "changes",
    [
        {"operation": "UPDATE", "oldObject": POD},
        {"operation": "UPDATE", "requestSubResource": "status", "oldObject": POD},
        {"operation": "UPDATE", "requestSubResource": "resize", "oldObject": POD},
        {"operation": "CREATE", "requestSubResource": "binding"},
        {"operation": "CREATE", "requestSubResource": "ephemeralcontainers"},
        {"operation": "DELETE", "object": None},
        {"operation": "CONNECT", "requestSubResource": "exec", "object": None},
    ],
    ids=str,
)
def test_a_pod_that_is_there_is_never_changed(changes: dict[str, Any]) -> None:
    assert response_of(answer_to(**changes)) == {"uid": UID, "allowed": True}


def test_an_ephemeral_container_that_is_added_gets_the_default() -> None:
    patch = [{"op": "add", "path": "/spec/ephemeralContainers/0/securityContext", "value": PROFILE}]

    assert patch_of(answer_to(**DEBUG, object=DEBUGGED, oldObject=POD)) == patch
    assert answer_to(**DEBUG, object=DEBUGGED, oldObject=DEBUGGED).decision.mutated == ()


LABELED = {"metadata": {"labels": {LABEL: "disabled"}}}
IGNORED = f'label {LABEL} ignored: the namespace does not say "optional"'


@pytest.mark.parametrize(
    ("namespace", "pod", "is_mutated", "warnings"),
    [
        ({}, {}, True, ()),
        ({}, LABELED, True, (IGNORED,)),
        ({LABEL: "disabled"}, {}, False, ()),
        ({LABEL: "disabled"}, LABELED, False, ()),
        ({LABEL: "optional"}, {}, True, ()),
        ({LABEL: "optional"}, LABELED, False, ()),
        ({LABEL: "optional"}, {"metadata": {"labels": {LABEL: "Disabled"}}}, True, ()),
        ({LABEL: "off"}, LABELED, True, (IGNORED,)),
    ],
)
def test_a_namespace_declines_and_its_pods_only_if_it_lets_them(
    namespace: dict[str, str],
    pod: dict[str, Any],
    is_mutated: bool,  # noqa: FBT001 - a column of the table
    warnings: tuple[str, ...],
) -> None:
    decision = answer_to(World(namespace), object=pod).decision

    assert (decision.mutated != (), decision.warnings) == (is_mutated, warnings)


@pytest.mark.parametrize(
    ("exemptions", "changes", "why"),
    [
        (Exemptions(namespaces=frozenset({"shop"})), {}, "namespace"),
        (Exemptions(usernames=frozenset({"alice"})), {}, "user"),
        (
            Exemptions(runtime_classes=frozenset({"x"})),
            {"object": {"spec": {"runtimeClassName": "x"}}},
            "runtimeClass",
        ),
    ],
)
def test_what_is_exempt_is_not_changed_either(exemptions: Exemptions, changes: Any, why: str) -> None:  # noqa: ANN401 - JSON
    answer = answer_to(settings=DEFAULTS._replace(exemptions=exemptions), **changes)

    assert response_of(answer) == {"uid": UID, "allowed": True, "auditAnnotations": {"exempt": why}}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"object": None}, "failed to decode object: pod"),
        (
            {"object": {"spec": {"containers": 5}}},
            "failed to decode object: spec.containers: Expected `array | null`, got `int`",
        ),
        ({**DEBUG, "object": DEBUGGED}, "failed to decode object: pod"),
        (
            {"object": {"spec": {"containers": [{}] * 1025}}},
            "nothing is put into pods of more than 1,024 containers",
        ),
        (
            {"namespace": "elsewhere"},
            'failed to lookup namespace "elsewhere": namespaces "elsewhere" not found',
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_is_not_understood_passes_as_it_came_and_the_audit_log_knows(changes: Any, error: str) -> None:  # noqa: ANN401 - JSON
    answer = answer_to(**changes)

    assert response_of(answer) == {"uid": UID, "allowed": True, "auditAnnotations": {"error": error}}
    assert answer.decision.failure is None


TOKENS = DEFAULTS._replace(mutation=Switches.of(["automountServiceAccountToken"]))
NO_TOKEN = [{"op": "add", "path": "/automountServiceAccountToken", "value": False}]


def test_new_service_accounts_hand_out_no_tokens_where_that_is_switched_on() -> None:
    answer = answer_to(settings=TOKENS, resource="serviceaccounts")

    assert patch_of(answer) == NO_TOKEN
    assert response_of(answer)["auditAnnotations"] == {"mutated": "automountServiceAccountToken"}
    assert answer_to(resource="serviceaccounts").decision.mutated == ()


def test_a_pod_is_not_told_that_it_has_no_token_for_it_has_one_by_then() -> None:
    assert answer_to(settings=TOKENS).decision.mutated == ()


@pytest.mark.parametrize(
    ("world", "changes"),
    [
        (World(), {"object": {"automountServiceAccountToken": True}}),
        (World(), {"object": {"automountServiceAccountToken": False}}),
        (World(), {"operation": "UPDATE"}),
        (World(), {"requestSubResource": "token"}),
        (World(), {"namespace": "elsewhere"}),
        (World(), {"object": {"automountServiceAccountToken": "no"}}),
        (World({LABEL: "disabled"}), {}),
        (World({LABEL: "optional"}), {"object": LABELED}),
    ],
    ids=lambda value: str(value)[:60],
)
def test_other_service_accounts_stay_as_they_are(world: World, changes: Any) -> None:  # noqa: ANN401 - JSON
    answer = answer_to(world, TOKENS, resource="serviceaccounts", **changes)

    assert (answer.decision.mutated, answer.decision.allowed) == ((), True)


class Unsteady(World):
    """A cluster in which something goes wrong."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def labels_of(self, namespace: str, deadline: float | None = None) -> Mapping[str, str]:  # noqa: ARG002 - the names are the protocol's
        raise self.error


def test_a_namespace_that_cannot_be_read_might_have_declined() -> None:
    answer = answer_to(Unsteady(LookupFailed("etcd is gone")))

    assert answer.decision.mutated == ()
    assert answer.decision.error == 'failed to lookup namespace "shop": etcd is gone'


def test_a_defect_of_ours_lets_the_pod_through_to_be_judged_and_is_told() -> None:
    answer = answer_to(Unsteady(ZeroDivisionError()))
    said = f'mutation failed; the webhook\'s log has the reason beside the uid "{UID}"'

    assert response_of(answer) == {"uid": UID, "allowed": True, "auditAnnotations": {"error": said}}
    assert isinstance(answer.decision.failure, ZeroDivisionError)


def test_a_cluster_that_must_wait_is_asked_again_by_somebody_who_can() -> None:
    with pytest.raises(MustWait):
        answer_to(Unsteady(MustWait()))


@given(disturbed([*REQUESTS, request_of({}), request_of({**DEBUG, "object": DEBUGGED, "oldObject": POD})]))
def test_any_json_in_any_place_is_allowed_and_its_patch_applies(request: Any) -> None:  # noqa: ANN401 - JSON
    try:
        answer = mutate(body_of(request), settings=DEFAULTS._replace(mutation=RESTRICTED), cluster=World())
    except NotAReview:
        return
    response = response_of(answer)

    assert answer.decision.failure is None
    assert (response["uid"], response["allowed"]) == (request["uid"], True)
    assert (
        ("patch" in response)
        == ("patchType" in response)
        == ("mutated" in response.get("auditAnnotations", {}))
    )
    if "patch" in response:
        JsonPatch(patch_of(answer)).apply(request["object"])


@given(st.text(), st.sampled_from(["privileged", "add"]))
def test_no_name_puts_control_characters_into_a_warning(name: str, how: str) -> None:
    context: dict[str, Any] = (
        {"privileged": True} if how == "privileged" else {"capabilities": {"add": [name]}}
    )
    container = {"name": name.encode(errors="replace").decode(), "image": "a", "securityContext": context}
    body = body_of(request_of({"object": {"spec": {"containers": [container]}}}))
    answer = mutate(body, settings=DEFAULTS._replace(mutation=RESTRICTED), cluster=World())

    assert answer.decision.warnings
    told = "".join(msgspec.json.decode(answer.body)["response"]["warnings"])
    assert not any(unicodedata.category(each) == "Cc" for each in told)
