"""Workloads of somebody's own in a real API server: their definition, the rule, the warning, the refusal."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.api import Manifest
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import need
from tests.e2e.kubectl import Kubectl
from tests.e2e.objects import RESTRICTED_DETAIL, good_spec, namespace, plain_spec
from tests.e2e.processes import wait_for
from tests.e2e.registration import register, registration
from webhook.config.workloads import rules_for, workloads_in


def added(kind: str, resource: str, template: str) -> Manifest:
    return {
        "apiVersions": ["flows.example/v1"],
        "kind": kind,
        "resource": resource,
        "templates": [template],
    }


WORKLOADS = [
    added("Rollout", "rollouts", "spec.template"),
    added("Batch", "batches", "spec.tasks[*].pod"),
]
CONFIGURATION = {"apiVersion": "seccomp-webhook.io/v1", "kind": "Configuration", "workloads": WORKLOADS}
ANY = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def definition(kind: str, plural: str) -> Manifest:
    """A CustomResourceDefinition that takes anything."""
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": ANY}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.flows.example"},
        "spec": {
            "group": "flows.example",
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [version],
        },
    }


def made(kind: str, name: str, spec: Manifest) -> str:
    metadata = {"name": name, "namespace": "flows"}
    return json.dumps({"apiVersion": "flows.example/v1", "kind": kind, "metadata": metadata, "spec": spec})


@pytest.fixture(scope="module")
def file(place: Path) -> Path:
    """The configuration that the webhook reads."""
    file = place / "configuration.json"
    file.write_text(json.dumps(CONFIGURATION))
    return file


@pytest.fixture(scope="module")
def kubectl(place: Path, file: Path) -> Iterator[Kubectl]:
    """A cluster that knows both kinds, with the rules that the product prints for them."""
    need("etcd", "kube-apiserver", "kubectl")
    with WebhookCluster(place / "workloads", admission=file) as cluster:
        found = Kubectl(cluster.plane.kubeconfig)
        for kind, plural in (("Rollout", "rollouts"), ("Batch", "batches")):
            assert found("apply -f -", json.dumps(definition(kind, plural))).status == 0
            assert found(f"wait --for=condition=Established crd/{plural}.flows.example").status == 0
        configuration = registration({"url": cluster.webhook.url}, cluster.webhook.authority)
        configuration["webhooks"][1]["rules"] += [
            {**rule, "operations": ["CREATE", "UPDATE"]} for rule in rules_for(workloads_in(WORKLOADS))
        ]
        register(cluster.admin, configuration)
        cluster.admin.create(namespace("flows", enforce="restricted")).good()
        probe = made("Rollout", "probe", {"template": {"spec": plain_spec()}})
        wait_for(lambda: "Warning" in found("apply --dry-run=server -f -", probe).err, "it is asked")
        yield found


def test_whoever_applies_one_is_warned_in_the_words_of_a_deployment(kubectl: Kubectl) -> None:
    applied = kubectl("apply -f -", made("Rollout", "web", {"template": {"spec": plain_spec()}}))

    assert applied.err == f'Warning: would violate PodSecurity "restricted:latest": {RESTRICTED_DETAIL}\n'
    assert applied.status == 0
    good = kubectl("apply -f -", made("Rollout", "good", {"template": {"spec": good_spec()}}))
    assert (good.status, good.err) == (0, "")


def test_of_several_templates_the_bad_one_is_named(kubectl: Kubectl) -> None:
    tasks = [{"pod": {"spec": good_spec()}}, {"pod": {"spec": plain_spec()}}]
    applied = kubectl("apply -f -", made("Batch", "sums", {"tasks": tasks}))

    assert applied.err == (
        f'Warning: would violate PodSecurity "restricted:latest": spec.tasks[1].pod: {RESTRICTED_DETAIL}\n'
    )


def test_a_configuration_that_enforces_controllers_refuses_new_ones_while_serving(
    kubectl: Kubectl, file: Path
) -> None:
    bad = made("Rollout", "another", {"template": {"spec": plain_spec()}})
    file.write_text(json.dumps({**CONFIGURATION, "enforceControllers": True}))
    wait_for(lambda: kubectl("apply --dry-run=server -f -", bad).status != 0, "the change is taken over")

    refused = kubectl("apply -f -", bad)
    assert 'rollouts.flows.example "another" is forbidden: violates PodSecurity' in refused.err
    old = made("Rollout", "web", {"replicas": 0, "template": {"spec": plain_spec()}})
    assert kubectl("apply -f -", old).status == 0, "what was there before can be scaled down"
