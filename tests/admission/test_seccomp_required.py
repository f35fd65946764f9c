"""A profile is required where the level does not ask for one: what reviews say then."""

import json
from typing import Any

import pytest
from hypothesis import given

from tests.admission.cases import World, body_of, labels, request_of, settings_in
from tests.policy.excepting import TODAY, exceptions_of
from tests.strategies.reviews import Case, cases
from webhook.admission import Answer, review
from webhook.config import DEFAULTS, Settings
from webhook.policy.patterns import Name
from webhook.policy.pod import pod_from
from webhook.policy.selection import Wanted
from webhook.policy.standard import Level

BASELINE = labels({"enforce": "baseline"})
OPEN = {"metadata": {"name": "cart"}, "spec": {"containers": [{"name": "app"}]}}
SAYS = (
    'seccompProfile (pod or container "app" must set securityContext.seccompProfile.type to '
    '"RuntimeDefault" or "Localhost")'
)
REQUIRED = Wanted("seccompRequired", Level.BASELINE)


def settings(wanted: Wanted = REQUIRED, *changes: dict[str, Any]) -> Settings:
    return DEFAULTS._replace(wanted=(wanted,), exceptions=exceptions_of(*changes))


def answered(asked: Settings, world: World | None = None, **request: Any) -> Answer:  # noqa: ANN401 - parts of a request
    body = body_of(request_of({"object": OPEN, **request}))
    cluster = world or World(BASELINE)
    return review(body, settings=asked, cluster=cluster, clock=lambda: 0.0, today=lambda: TODAY)


def response_of(answer: Answer) -> dict[str, Any]:
    response: dict[str, Any] = json.loads(answer.body)["response"]
    return response


def test_a_pod_without_a_profile_is_refused_at_baseline_in_the_words_of_restricted() -> None:
    answer = answered(settings())

    assert response_of(answer)["status"]["message"] == (
        f'pods "cart" is forbidden: violates PodSecurity "baseline:latest": {SAYS}'
    )
    assert answer.decision.controls == ("seccompRequired",)


@pytest.mark.parametrize("kind", ["containers", "initContainers", "ephemeralContainers"])
@pytest.mark.parametrize("profile", [None, {}, {"type": "Unconfined"}, {"type": "RuntimeDefault"}])
def test_neither_an_unset_profile_nor_one_that_is_switched_off_passes_in_any_container(
    kind: str, profile: dict[str, str] | None
) -> None:
    """An unset one passed, and Unconfined where the pod's was fine (kyverno/policies#1517, trivy#4922)."""
    container = {"name": "app", "securityContext": {"seccompProfile": profile}}
    allowed = profile == {"type": "RuntimeDefault"}
    assert (
        answered(settings(), object={"spec": {"containers": [], kind: [container]}}).decision.allowed
        is allowed
    )

    shared = {"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}
    fine = {**shared, "containers": [], kind: [container]}
    assert answered(settings(), object={"spec": fine}).decision.allowed is (allowed or profile is None)


def test_windows_pods_need_no_profile() -> None:
    """Windows pods never passed (kyverno#17684, #4593)."""
    assert answered(settings(), object={"spec": {"os": {"name": "windows"}, **OPEN["spec"]}}).decision.allowed


def test_a_controller_is_warned() -> None:
    template = {"spec": {"template": OPEN}}
    response = response_of(answered(settings(), resource="deployments", object=template))

    assert response["allowed"]
    assert response["warnings"] == [f'would violate PodSecurity "baseline:latest": {SAYS}']


def test_a_namespace_that_is_tightened_is_told_of_its_pods() -> None:
    world = World(pods=[pod_from(OPEN)])
    response = response_of(
        answered(
            settings(),
            world,
            resource="namespaces",
            operation="UPDATE",
            object={"metadata": {"labels": BASELINE}},
            oldObject={},
        )
    )

    assert response["warnings"][1:] == ["cart: seccompProfile"]


def test_an_exception_from_it_is_one_from_itself() -> None:
    for control, allowed in (("seccompRequired", True), ("seccompProfile_restricted", False)):
        asked = settings(REQUIRED, {"allow": [{"control": control}]})
        assert answered(asked).decision.allowed is allowed


@pytest.mark.parametrize(
    ("level", "world", "allowed"),
    [
        (Level.BASELINE, World(), True),
        (Level.PRIVILEGED, World(), False),
        (Level.PRIVILEGED, World(BASELINE), False),
        (Level.RESTRICTED, World(BASELINE), True),
    ],
)
def test_it_is_asked_from_its_level_on(level: Level, world: World, *, allowed: bool) -> None:
    asked = settings(Wanted("seccompRequired", level))
    answer = answered(asked, world)
    assert answer.decision.allowed is allowed

    enforcing = asked._replace(enforce_controllers=True)
    template = {"spec": {"template": OPEN}}
    controller = answered(enforcing, world, resource="deployments", object=template)
    assert controller.decision.allowed is allowed


@pytest.mark.parametrize("level", ["privileged", "baseline", "restricted"])
@pytest.mark.parametrize("version", ["v1.0", "v1.18", "v1.19", "v1.25", "latest"])
def test_no_version_that_a_namespace_names_switches_it_off(level: str, version: str) -> None:
    world = World(labels({"enforce": level, "enforce-version": version}))
    asked = settings(Wanted("seccompRequired", Level.PRIVILEGED))

    assert not answered(asked, world).decision.allowed
    assert SAYS in response_of(answered(asked, world))["status"]["message"]


def test_an_old_version_still_reads_annotations() -> None:
    world = World(labels({"enforce": "baseline", "enforce-version": "v1.18"}))
    key = "seccomp.security.alpha.kubernetes.io/pod"
    profile = {"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}
    fine = {"metadata": {"name": "cart"}, "spec": {**OPEN["spec"], **profile}}
    open_by_annotation = {**fine, "metadata": {"name": "cart", "annotations": {key: "unconfined"}}}

    assert answered(settings(), world, object=fine).decision.allowed
    assert not answered(settings(), world, object=open_by_annotation).decision.allowed


def test_at_the_privileged_level_the_words_name_it() -> None:
    response = response_of(answered(settings(Wanted("seccompRequired", Level.PRIVILEGED)), World()))

    assert response["status"]["message"] == (
        f'pods "cart" is forbidden: violates PodSecurity "privileged:latest": {SAYS}'
    )


@given(cases())
def test_asked_for_in_other_namespaces_it_changes_no_answer(case: Case) -> None:
    plain = settings_in({"configuration": case["configuration"]} if case["configuration"] else {})
    world = World((case["namespaces"].get("shop") or {}).get("labels") or {})
    body = body_of(case["request"])
    elsewhere = (Wanted("seccompRequired", Level.PRIVILEGED, (Name("shop-", is_prefix=True), Name("sho"))),)

    def bytes_of(asked: Settings) -> bytes:
        return review(body, settings=asked, cluster=world, clock=lambda: 0.0, today=lambda: TODAY).body

    assert bytes_of(plain._replace(wanted=elsewhere)) == bytes_of(plain)
