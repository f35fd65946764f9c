"""What is put into pods, in a real admission chain: always something that the API server takes."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from random import Random

import msgspec
import pytest
from jsonpatch import JsonPatch

from tests.e2e.api import Answer, Manifest, path_of
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import need
from tests.e2e.kubectl import Kubectl
from tests.e2e.mutating import NAME, SIDECAR, SidecarWebhook, registration
from tests.e2e.objects import good_spec, namespace, plain_spec, pod
from tests.e2e.processes import wait_for
from tests.e2e.registration import register
from tests.e2e.valid_pods import valid_pod
from webhook.mutation import RESTRICTED, STANDARD, Switches, fill_in, operations
from webhook.mutation.choice import LABEL
from webhook.mutation.switches import KNOWN
from webhook.policy.pod import pod_from

PODS = int(os.environ.get("E2E_PODS", "3000"))
PROFILE = {"type": "RuntimeDefault"}
SWITCHES = (STANDARD, RESTRICTED, Switches.of(KNOWN), *(Switches.of([each]) for each in sorted(KNOWN)))


@pytest.fixture(scope="module")
def cluster(place: Path) -> Iterator[WebhookCluster]:
    """A cluster whose pods are mutated, then judged."""
    need("etcd", "kube-apiserver", "kubectl")
    with WebhookCluster(place / "mutation") as started:
        api = started.admin
        api.create(labeled(namespace("probe"))).good()
        register(api, registration({"url": started.webhook.mutating_url}, started.webhook.authority))
        wait_for(lambda: is_filled(api.create(pod("a", "probe", plain_spec()), dry_run=True)), "it is called")
        yield started


def labeled(manifest: Manifest, wish: str = "") -> Manifest:
    """A namespace that says something of the defaults."""
    if wish:
        manifest["metadata"]["labels"][LABEL] = wish
    return manifest


def is_filled(answer: Answer) -> bool:
    return bool(answer.good().body["spec"]["securityContext"] == {"seccompProfile": PROFILE})


def test_a_pod_that_leaves_seccomp_open_is_admitted_under_restricted(cluster: WebhookCluster) -> None:
    spec = deepcopy(good_spec())
    del spec["containers"][0]["securityContext"]["seccompProfile"]
    for name, wish, code in (("filled", "", 201), ("declined", "disabled", 403)):
        cluster.admin.create(labeled(namespace(name, enforce="restricted"), wish)).good()
        answer = cluster.admin.create(pod("web", name, spec))
        assert answer.code == code, answer.message

    assert is_filled(cluster.admin.get(pod("web", "filled", spec)))


def test_what_was_put_in_is_in_the_audit_log_the_counters_and_the_log(cluster: WebhookCluster) -> None:
    cluster.admin.create(namespace("audited")).good()
    answer = cluster.admin.create(pod("web", "audited", plain_spec())).good()

    annotations = cluster.plane.audit.annotations(answer.audit_id)
    assert annotations[f"{NAME}/mutated"] == "seccompProfile (spec.securityContext.seccompProfile)"
    assert 'seccomp_webhook_mutations_total{default="seccompProfile"}' in cluster.webhook.metrics()
    lines = [json.loads(line) for line in cluster.webhook.log().splitlines() if '"mutation"' in line]
    assert any((each["namespace"], each["mutated"]) == ("audited", ["seccompProfile"]) for each in lines)


def test_whoever_sends_a_privileged_container_is_warned(cluster: WebhookCluster) -> None:
    cluster.admin.create(namespace("warned")).good()
    spec = plain_spec()
    spec["containers"][0]["securityContext"] = {"privileged": True}

    answer = cluster.admin.create(pod("web", "warned", spec), dry_run=True)

    assert [text for text in answer.good().warnings if "seccompProfile not put into" in text]
    assert answer.body["spec"]["securityContext"] == {}


def test_a_pod_declines_where_its_namespace_lets_it(cluster: WebhookCluster) -> None:
    for name, wish, expected in (("insists", "", True), ("lets", "optional", False)):
        cluster.admin.create(labeled(namespace(name), wish)).good()
        wait_for(lambda name=name, expected=expected: _declined(cluster, name) is not expected, name)


def _declined(cluster: WebhookCluster, name: str) -> bool:
    sent = pod("web", name, plain_spec(), labels={LABEL: "disabled"})
    return not is_filled(cluster.admin.create(sent, dry_run=True))


def test_what_kubectl_debug_adds_gets_the_default_each_time(cluster: WebhookCluster) -> None:
    cluster.admin.create(namespace("debugged")).good()
    # Each of its containers has a profile, so that the pod itself is given none.
    web = pod("web", "debugged", good_spec())
    cluster.admin.create(web).good()
    kubectl = Kubectl(cluster.plane.kubeconfig)
    for number in (1, 2):
        done = kubectl(f"debug -n debugged web --image=busybox --profile=general --container=debug-{number}")
        assert done.status == 0, done.err

        spec = cluster.admin.get(web).good().body["spec"]
        added = spec["ephemeralContainers"]
        assert len(added) == number
        assert all(each["securityContext"]["seccompProfile"] == PROFILE for each in added)
        assert spec["securityContext"] == {}


def test_a_pod_from_before_can_be_updated_and_stays_as_it_is(cluster: WebhookCluster) -> None:
    cluster.admin.create(labeled(namespace("older"), "disabled")).good()
    old = pod("web", "older", plain_spec())
    cluster.admin.create(old).good()
    cluster.admin.patch(namespace("older"), {"metadata": {"labels": {LABEL: None}}}).good()
    wait_for(
        lambda: is_filled(cluster.admin.create(pod("b", "older", plain_spec()), dry_run=True)), "mutated"
    )

    changed = cluster.admin.patch(old, {"metadata": {"labels": {"a": "b"}}}).good()

    assert changed.body["spec"]["securityContext"] == {}


def test_other_webhooks_are_followed_and_nothing_is_put_in_twice(cluster: WebhookCluster) -> None:
    cluster.admin.create(namespace("followed")).good()
    mixed = plain_spec()
    mixed["containers"].append(
        {"name": "agent", "image": "registry.example/agent:1", "securityContext": {"privileged": True}}
    )
    with SidecarWebhook(cluster.plane.authority) as sidecar, registered(cluster, sidecar):
        covered = cluster.admin.create(pod("covered", "followed", plain_spec())).good()
        reached = cluster.admin.create(pod("reached", "followed", mixed)).good()

    assert is_filled(covered)
    assert "securityContext" not in covered.body["spec"]["containers"][1]
    rounds = cluster.plane.audit.annotations(covered.audit_id)
    assert is_mutated(rounds, 0)
    assert not is_mutated(rounds, 1), "asked again, it had nothing to add"
    # Where the pod could not speak for the sidecar, the sidecar gets its own, in the second round.
    web, agent, added = reached.body["spec"]["containers"]
    assert added["name"] == SIDECAR["name"]
    assert web["securityContext"] == added["securityContext"] == {"seccompProfile": PROFILE}
    assert agent["securityContext"] == {"privileged": True}
    rounds = cluster.plane.audit.annotations(reached.audit_id)
    assert is_mutated(rounds, 0)
    assert is_mutated(rounds, 1)


def is_mutated(annotations: dict[str, str], number: int) -> bool:
    """Whether the product's webhook changed the object in that round."""
    told = json.loads(annotations[f"mutation.webhook.admission.k8s.io/round_{number}_index_0"])
    assert told["webhook"] == NAME
    return bool(told["mutated"])


@contextmanager
def registered(cluster: WebhookCluster, sidecar: SidecarWebhook) -> Iterator[None]:
    configuration = registration({"url": sidecar.url}, sidecar.authority, "sidecar.example.com")
    register(cluster.admin, configuration)

    def is_called() -> bool:
        made = cluster.admin.create(pod("probe", "followed", plain_spec()), dry_run=True).good()
        return len(made.body["spec"]["containers"]) == 2

    wait_for(is_called, "the sidecar's webhook is called")
    try:
        yield
    finally:
        cluster.admin.delete(configuration).good()
        wait_for(lambda: not is_called(), "it is no longer called")


def test_a_pod_that_is_accepted_as_it_is_is_accepted_with_what_is_put_in(
    cluster: WebhookCluster, announce: Callable[[str], None]
) -> None:
    api = cluster.admin
    api.create(labeled(namespace("as-is"), "disabled")).good()
    api.create(namespace("filled-in")).good()
    random = Random(3)  # noqa: S311 - the same pods each time
    tally = Counter[str]()
    wrong = []
    for number in range(PODS):
        manifest = valid_pod(random, "as-is", number)
        switches = random.choice(SWITCHES)
        as_it_is = api.create(manifest, dry_run=True)
        typed = pod_from(manifest)
        outcome = fill_in(typed, switches)
        patch = msgspec.to_builtins(operations(typed, outcome.puts))
        patched = api.create(JsonPatch(patch).apply(deepcopy(manifest)), dry_run=True)
        there = {**manifest, "metadata": {**manifest["metadata"], "namespace": "filled-in"}}
        by_webhook = api.create(there, dry_run=True)
        tally["accepted"] += as_it_is.code == 201
        tally["accepted and patched"] += as_it_is.code == 201 and bool(patch)
        tally["changed by the webhook"] += as_it_is.code == 201 == by_webhook.code and (
            as_it_is.body["spec"]["securityContext"] != by_webhook.body["spec"]["securityContext"]
            or as_it_is.body["spec"]["containers"] != by_webhook.body["spec"]["containers"]
        )
        if as_it_is.code == 201 and not (patched.code == by_webhook.code == 201):
            wrong.append(f"{json.dumps(manifest)}\n{patch}\n{patched.message}\n{by_webhook.message}")
        if as_it_is.code != 201 and patched.code == 201:
            wrong.append(f"{json.dumps(manifest)}\n{patch}\nmended what was refused: {as_it_is.message}")
    announce(f"{PODS} pods: {dict(tally)}")
    assert not wrong, f"{len(wrong)} of {PODS}, such as\n" + "\n".join(wrong[:5])
    assert tally["accepted and patched"] > PODS / 4, tally
    assert tally["changed by the webhook"] > PODS / 8, tally


def test_an_ephemeral_container_that_is_accepted_as_it_is_is_accepted_with_what_is_put_in(
    cluster: WebhookCluster,
) -> None:
    api = cluster.admin
    api.create(labeled(namespace("old-pods"), "disabled")).good()
    random = Random(4)  # noqa: S311 - the same pods each time
    patches = 0
    for number in range(PODS // 5):
        manifest = valid_pod(random, "old-pods", number)
        stored = api.create(manifest)
        if stored.code != 201:
            continue
        added = valid_pod(random, "old-pods", number)["spec"]["containers"]
        new = deepcopy(stored.body)
        new["spec"]["ephemeralContainers"] = [{**each, "name": f"e-{each['name']}"} for each in added]
        before, after = pod_from(stored.body), pod_from(new)
        outcome = fill_in(after, random.choice(SWITCHES), before)
        patch = msgspec.to_builtins(operations(after, outcome.puts))
        as_it_is, patched = (
            api.ask("PUT", f"{path_of(manifest)}/ephemeralcontainers", each, query={"dryRun": "All"})
            for each in (new, JsonPatch(patch).apply(deepcopy(new)))
        )
        patches += as_it_is.code == 200 and bool(patch)
        assert as_it_is.code != 200 or patched.code == 200, (new, patch, patched.message)
        assert api.delete(manifest).code == 200
    assert patches > PODS / 25
