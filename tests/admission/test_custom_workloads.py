"""Workloads of somebody's own, as a configuration names them: judged like the built-in controllers."""

import json
from typing import Any

import pytest

from tests.admission.cases import World, labels
from tests.policy.excepting import TODAY, exceptions_of
from webhook.admission import Answer, review
from webhook.config import Settings, settings_of
from webhook.policy.selection import Wanted
from webhook.policy.standard import Level

BASELINE = labels({"enforce": "baseline", "audit": "baseline"})
HEAD = {"apiVersion": "seccomp-webhook.io/v1", "kind": "Configuration"}
KINDS = {
    "Rollout": ("argoproj.io/v1alpha1", "rollouts", ["spec.template"]),
    "JobSet": ("jobset.x-k8s.io/v1alpha2", "jobsets", ["spec.replicatedJobs[*].template.spec.template"]),
    "Job": ("batch.volcano.sh/v1alpha1", "jobs", ["spec.tasks[*].template"]),
    "Service": ("serving.knative.dev/v1", "services", ["spec.template"]),
}
BAD = {"spec": {"hostPID": True, "containers": [{"name": "app", "image": "app:1"}]}}
GOOD = {"spec": {"containers": [{"name": "app", "image": "app:1"}]}}
SAYS = "host namespaces (hostPID=true)"


def settings(**changes: Any) -> Settings:  # noqa: ANN401 - sections of a configuration
    workloads = [
        {"apiVersions": [version], "kind": kind, "resource": resource, "templates": templates}
        for kind, (version, resource, templates) in KINDS.items()
    ]
    found = settings_of({**HEAD, "workloads": workloads, **changes})
    assert isinstance(found, Settings)
    return found


def answered(
    kind: str,
    spec: dict[str, Any],
    asked: Settings | None = None,
    world: World | None = None,
    **changes: Any,  # noqa: ANN401 - parts of a request
) -> Answer:
    api_version, resource, _ = KINDS[kind]
    group, _, version = api_version.partition("/")
    request = {
        "uid": "1",
        "kind": {"group": group, "version": version, "kind": kind},
        "resource": {"group": group, "version": version, "resource": resource},
        "name": "cart",
        "namespace": "shop",
        "operation": "CREATE",
        "object": {"apiVersion": api_version, "kind": kind, "metadata": {"name": "cart"}, "spec": spec},
        **changes,
    }
    document = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
    body = json.dumps(document).encode()
    cluster = world or World(BASELINE)
    return review(body, settings=asked or settings(), cluster=cluster, clock=lambda: 0.0, today=lambda: TODAY)


def response_of(answer: Answer) -> dict[str, Any]:
    response: dict[str, Any] = json.loads(answer.body)["response"]
    return response


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Rollout", {"template": BAD}),
        ("Service", {"template": {"spec": {**BAD["spec"], "containerConcurrency": 5}}}),
        ("Job", {"tasks": [{"template": BAD}]}),
        ("JobSet", {"replicatedJobs": [{"template": {"spec": {"template": BAD}}}]}),
    ],
)
def test_it_is_warned_about_and_audited_like_a_controller(kind: str, spec: dict[str, Any]) -> None:
    answer = answered(kind, spec)

    response = response_of(answer)
    assert response["allowed"]
    assert response["warnings"] == [f'would violate PodSecurity "baseline:latest": {SAYS}']
    assert response["auditAnnotations"]["audit-violations"] == response["warnings"][0]
    assert answer.decision.metric_resource == "controller"
    assert answer.decision.controls == ("hostNamespaces",)


@pytest.mark.parametrize("containers", ["containers", "initContainers", "ephemeralContainers"])
def test_every_kind_of_container_of_a_template_is_looked_at(containers: str) -> None:
    """Init containers were ignored and templates skipped (checkov#710, #2222, #6459, kubescape#1878)."""
    spec = {containers: [{"name": "app", "securityContext": {"privileged": True}}]}

    for kind, written in (
        ("Rollout", {"template": {"spec": spec}}),
        ("Job", {"tasks": [{"template": {"spec": spec}}]}),
    ):
        assert answered(kind, written).decision.controls == ("privileged",)


def test_of_several_templates_the_bad_ones_are_named() -> None:
    tasks = [GOOD, BAD, BAD, {"spec": {**BAD["spec"], "hostIPC": True}}]
    answer = answered("Job", {"tasks": [{"template": each} for each in tasks]})

    said = (
        'would violate PodSecurity "baseline:latest": spec.tasks[1].template, spec.tasks[2].template: '
        f"{SAYS}; spec.tasks[3].template: host namespaces (hostPID=true, hostIPC=true)"
    )
    assert response_of(answer)["warnings"] == [said]
    assert len(answer.decision.evaluations) == 2, "one for each mode, however many templates"


def test_where_controllers_are_enforced_it_is_refused() -> None:
    enforced = settings(enforceControllers=True)
    response = response_of(answered("Rollout", {"template": BAD}, enforced))

    assert response["status"]["message"] == (
        f'rollouts.argoproj.io "cart" is forbidden: violates PodSecurity "baseline:latest": {SAYS}'
    )
    assert answered("Rollout", {"template": GOOD}, enforced).decision.allowed


@pytest.mark.parametrize(
    ("old", "allowed"),
    [([BAD, GOOD], True), ([GOOD, BAD], False), ([BAD], False), ([BAD, GOOD, GOOD], False)],
)
def test_what_was_there_before_can_still_be_changed(old: list[Any], *, allowed: bool) -> None:
    def tasks(templates: list[Any], replicas: int) -> dict[str, Any]:
        return {"tasks": [{"template": each, "replicas": replicas} for each in templates]}

    answer = answered(
        "Job",
        tasks([BAD, GOOD], 1),
        settings(enforceControllers=True),
        operation="UPDATE",
        oldObject={
            "apiVersion": "batch.volcano.sh/v1alpha1",
            "kind": "Job",
            "metadata": {},
            "spec": tasks(old, 3),
        },
    )

    assert answer.decision.allowed is allowed


def test_what_is_malformed_passes_with_an_annotation_as_its_pods_come_too() -> None:
    answer = answered("Job", {"tasks": [{"template": {"spec": {"hostPID": "x"}}}]})

    assert answer.decision.allowed
    assert "spec.tasks[0].template.spec.hostPID" in response_of(answer)["auditAnnotations"]["error"]


def test_without_the_section_nobody_looks_into_it() -> None:
    plain = settings_of(HEAD)
    assert isinstance(plain, Settings)
    answer = answered("Rollout", {"template": BAD}, plain)

    assert answer.decision.allowed
    assert "warnings" not in response_of(answer)
    assert 'no kind "Rollout" is registered' in response_of(answer)["auditAnnotations"]["error"]


def test_templates_of_an_exempt_runtime_class_are_passed_over() -> None:
    asked = settings(podSecurity={"exemptions": {"runtimeClasses": ["kata"]}})
    kata = {"spec": {**BAD["spec"], "runtimeClassName": "kata"}}

    both = answered("Job", {"tasks": [{"template": kata}, {"template": BAD}]}, asked)
    assert "spec.tasks[1].template: host" in response_of(both)["warnings"][0]
    assert "spec.tasks[0]" not in response_of(both)["warnings"][0]
    assert answered("Rollout", {"template": kata}, asked).decision.exempt == "runtimeClass"


def test_an_exception_is_for_the_template_that_it_matches() -> None:
    by_name = {"workloads": [{"group": "batch.volcano.sh", "kind": "Job", "name": "cart"}]}
    labeled = {**BAD, "metadata": {"labels": {"app": "clock"}}}
    spec = {"tasks": [{"template": labeled}, {"template": BAD}]}
    allow = [{"control": "hostNamespaces"}]

    def asked(match: dict[str, Any]) -> Settings:
        return settings()._replace(exceptions=exceptions_of({"match": match, "allow": allow}))

    whole = answered("Job", spec, asked(by_name))
    assert "warnings" not in response_of(whole)
    assert whole.decision.exceptions == ("clock",)
    part = response_of(answered("Job", spec, asked({"labels": {"app": "clock"}})))
    assert part["warnings"] == [
        f'would violate PodSecurity "baseline:latest": spec.tasks[1].template: {SAYS}'
    ]


def test_a_profile_can_be_required_of_it() -> None:
    asked = settings()._replace(wanted=(Wanted("seccompRequired", Level.BASELINE),))
    answer = answered("Rollout", {"template": GOOD}, asked)

    assert answer.decision.controls == ("seccompRequired",)
