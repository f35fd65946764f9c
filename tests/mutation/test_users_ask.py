"""What users asked for, or were hurt by, where pods are mutated: a test for each, and the thread of it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.mutation.patching import patched
from tests.policy.excepting import exceptions_of
from tests.strategies.pods import Manifest
from webhook.mutation import RESTRICTED, STANDARD, Switches
from webhook.mutation.choice import LABEL, is_declined

REGISTRATION = yaml.safe_load((Path(__file__).parents[2] / "deploy" / "mutating-webhook.yaml").read_text())
PROFILE = {"type": "RuntimeDefault"}
OPEN: Manifest = {"spec": {"containers": [{"name": "app"}]}}


def test_the_subresource_of_ephemeral_containers_is_registered_by_itself() -> None:
    """A rule for pods does not match it (deckhouse#22398, kubernetes/website#55447)."""
    rules = [(rule["resources"], rule["operations"]) for rule in REGISTRATION["webhooks"][0]["rules"]]
    assert rules == [(["pods"], ["CREATE"]), (["pods/ephemeralcontainers"], ["UPDATE"])]


@pytest.mark.parametrize("already", [0, 1, 2])
def test_the_next_ephemeral_container_is_not_missed(already: int) -> None:
    """Mutation missed the second one (kyverno#4716, #9152)."""
    there = [{"name": f"debug-{number}"} for number in range(already)]
    old: Manifest = {"spec": {**OPEN["spec"], "ephemeralContainers": there}}
    new: Manifest = {"spec": {**OPEN["spec"], "ephemeralContainers": [*there, {"name": "next"}]}}

    (operation,) = patched(new, STANDARD, old).patch

    assert operation["path"] == f"/spec/ephemeralContainers/{already}/securityContext"


def test_a_pod_from_before_the_webhook_can_still_be_updated() -> None:
    """Its fields are immutable: a patch on update refused every update (security-profiles-operator#3296)."""
    for switches in (STANDARD, RESTRICTED):
        assert patched(OPEN, switches, OPEN).patch == []


def test_the_shield_is_up_without_configuration() -> None:
    """RuntimeDefault by mutation is wanted as a quick shield (mesosphere/charts#1655)."""
    assert patched(OPEN, STANDARD).manifest["spec"]["securityContext"] == {"seccompProfile": PROFILE}


def test_a_profile_made_for_a_container_is_not_put_on_the_pod() -> None:
    """At the pod a profile must allow more, for the sandbox too (kubernetes#84623)."""
    annotated = {
        "metadata": {
            "annotations": {"container.seccomp.security.alpha.kubernetes.io/app": "localhost/app.json"}
        },
        **OPEN,
    }

    spec = patched(annotated, Switches.of(["seccompAnnotations"])).manifest["spec"]

    assert "securityContext" not in spec
    assert spec["containers"][0]["securityContext"]["seccompProfile"]["localhostProfile"] == "app.json"


@pytest.mark.parametrize("ids", [["seccompProfile"], ["seccompProfile", "seccompAnnotations"]])
def test_whoever_still_writes_annotations_is_told(ids: list[str]) -> None:
    """They are dead since v1.27, and tools are stuck on them (kubeaudit#343, kube-score#590, KICS#4789)."""
    annotated = {"metadata": {"annotations": {"seccomp.security.alpha.kubernetes.io/pod": "runtime/default"}}}

    _, patch, outcome = patched({**annotated, **OPEN}, Switches.of(ids))

    assert [each["value"] for each in patch] == [{"seccompProfile": PROFILE}]
    assert any("without effect since Kubernetes v1.27" in text for text in outcome.warnings)


def test_templates_are_not_registered_for_they_would_show_as_drift() -> None:
    """(argo-cd#4276, #19800)"""
    resources = {name for rule in REGISTRATION["webhooks"][0]["rules"] for name in rule["resources"]}
    assert resources == {"pods", "pods/ephemeralcontainers"}


@pytest.mark.parametrize(
    "metadata",
    [
        {"labels": {LABEL: "disabled"}},
        {"annotations": {LABEL: "disabled"}},
        {"annotations": {"seccomp.security.alpha.kubernetes.io/pod": "unconfined"}},
        {"annotations": {"container.seccomp.security.alpha.kubernetes.io/app": "unconfined"}},
    ],
    ids=str,
)
def test_nothing_in_its_metadata_takes_a_pod_out_by_itself(metadata: dict[str, Any]) -> None:
    """A label of the pod could exempt it from the webhook (security-profiles-operator PR #3467)."""
    assert patched({"metadata": metadata, **OPEN}, STANDARD).patch != []
    assert not is_declined({}, metadata.get("labels", {}))


def test_what_the_pod_says_counts_for_its_containers() -> None:
    """A profile of the pod was not honored, and good pods were refused (kyverno/policies#1472)."""
    for kind in ("RuntimeDefault", "Localhost", "Unconfined"):
        profile = {"seccompProfile": {"type": kind, "localhostProfile": "a.json"}}
        assert patched({"spec": {"securityContext": profile, **OPEN["spec"]}}, STANDARD).patch == []


def test_a_file_named_beside_the_type_stays_and_none_is_left_over() -> None:
    """A profile is put in whole or not at all: no localhostProfile beside another type."""
    for profile in ({"localhostProfile": "a.json"}, {"type": "Localhost", "localhostProfile": "a.json"}):
        manifest = {"spec": {"containers": [{"name": "app", "securityContext": {"seccompProfile": profile}}]}}
        assert (
            patched(manifest, RESTRICTED).manifest["spec"]["containers"][0]["securityContext"][
                "seccompProfile"
            ]
            == profile
        )


def test_the_registration_is_harmless_when_the_webhook_is_away() -> None:
    """Those that fail closed kept clusters from coming back (gatekeeper#3183, kyverno#16177)."""
    (hook,) = REGISTRATION["webhooks"]
    assert (hook["failurePolicy"], hook["reinvocationPolicy"], hook["sideEffects"]) == (
        "Ignore",
        "IfNeeded",
        "None",
    )
    assert hook["timeoutSeconds"] <= 5
    excluded = hook["namespaceSelector"]["matchExpressions"][0]
    assert {"kube-system", "kube-node-lease", "seccomp-webhook"} == set(excluded["values"])
    assert hook["objectSelector"] == {}
    assert [each["name"] for each in hook["matchConditions"]] == ["not-a-mirror-pod", "not-a-windows-pod"]


def test_a_container_is_not_given_what_it_was_excepted_from() -> None:
    """An exception for one container counts for what is put in too, not for the second (kyverno#4623)."""
    exceptions = exceptions_of(
        {"match": {"containers": ["app"]}, "allow": [{"control": "seccompProfile_restricted"}]}
    )
    two: Manifest = {"spec": {"containers": [{"name": "app"}, {"name": "second"}]}}

    spec = patched(two, STANDARD, exceptions=exceptions).manifest["spec"]
    assert spec == {
        "containers": [{"name": "app"}, {"name": "second", "securityContext": {"seccompProfile": PROFILE}}]
    }
