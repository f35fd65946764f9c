"""Certificates in a real cluster: made, published, rotated under load, put back, and refused when broken."""

import base64
import copy
import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.e2e.api import APPLY_PATCH, JSON_PATCH, Answer, Api, Manifest, path_of
from tests.e2e.conftest import need
from tests.e2e.control_plane import ControlPlane
from tests.e2e.keeper import AUTHORITY, CONFIGURATIONS, HOME, LEASE, SERVING, Keeper, certs, rights, token
from tests.e2e.kubelet import Volume
from tests.e2e.load import load
from tests.e2e.objects import bad_spec, good_spec, namespace, pod
from tests.e2e.processes import wait_for
from tests.e2e.registration import registration
from tests.e2e.webhook import Webhook

NUMBERS = count()
BACK = 15.0
"""Seconds in which a bundle must be back; figures are printed."""


class Cluster(NamedTuple):
    """A control plane that calls two replicas, which serve what two volumes bring at different times."""

    plane: ControlPlane
    replicas: tuple[Webhook, Webhook]
    volumes: tuple[Volume, Volume]
    access: Path
    place: Path

    @property
    def api(self) -> Api:
        return self.plane.admin

    def keeper(self, *more: str) -> Keeper:
        return Keeper(f"keeper-{next(NUMBERS)}", self.place, self.access, *more)


def configurations(replicas: tuple[Webhook, Webhook]) -> tuple[Manifest, Manifest]:
    """What is registered, without any bundle: pods are judged by both replicas."""
    validating = registration({"url": replicas[0].url}, Path("/dev/null"))
    first, second = validating["webhooks"]
    second |= {"rules": first["rules"], "failurePolicy": "Fail"}
    second["clientConfig"] = {"url": replicas[1].url}
    first["clientConfig"] = {"url": replicas[0].url}
    other = {**copy.deepcopy(first), "name": "defaults.example.com", "failurePolicy": "Ignore"}
    other["rules"][0]["resources"] = ["nobodymakesthese"]
    kind = "MutatingWebhookConfiguration"
    mutating = {**validating, "kind": kind, "metadata": {"name": CONFIGURATIONS[kind]}, "webhooks": [other]}
    return validating, mutating


@pytest.fixture(scope="module")
def cluster(place: Path) -> Iterator[Cluster]:
    need("etcd", "kube-apiserver")
    here = place / "certificates"
    with ExitStack() as stack:
        plane = stack.enter_context(ControlPlane(here, pod_security=False))
        api = plane.admin
        api.create(namespace(HOME)).good()
        rights(api)
        access = plane.kubeconfig_with("keeper", token(api, here / "keeper.token"), plane.port)
        folders = (here / "volume-1", here / "volume-2")
        replicas = tuple(
            Webhook(here / f"replica-{number}", plane.kubeconfig, tls=folder)
            for number, folder in enumerate(folders)
        )
        for manifest in configurations(replicas):
            api.create(manifest).good()
        volumes = tuple(
            stack.enter_context(Volume(api, SERVING, folder, delay))
            for folder, delay in zip(folders, (0.5, 5.0), strict=True)
        )
        made = certs("init", access)
        assert made.status == 0, made.err
        for volume, replica in zip(volumes, replicas, strict=True):
            wait_for(lambda volume=volume: volume.has("tls.crt"), "the kubelet has mounted the Secret")
            stack.enter_context(replica)
        api.create(namespace("strict", enforce="restricted")).good()
        found = Cluster(plane, replicas, volumes, access, here)
        wait_for(lambda: secure(found).code == 201, "the webhook is called")
        yield found


@pytest.fixture
def keeper(cluster: Cluster) -> Iterator[Keeper]:
    rights(cluster.api)
    running = cluster.keeper()
    try:
        running.process.wait_until(running.leads, "the one that rotates", 40)
        wait_for(lambda: in_sync(cluster), "all is well at the start", BACK)
        yield running
    finally:
        running.process.stop()


def secure(cluster: Cluster) -> Answer:
    return cluster.api.create(pod(f"secure-{next(NUMBERS)}", "strict", good_spec()), dry_run=True)


def data(api: Api, secret: Manifest) -> dict[str, bytes]:
    found = api.get(secret).good().body.get("data") or {}
    return {name: base64.b64decode(text) for name, text in found.items()}


def bundles(api: Api) -> list[bytes]:
    """What every webhook is to trust."""
    return [
        base64.b64decode(each["clientConfig"].get("caBundle", ""))
        for kind, name in CONFIGURATIONS.items()
        for each in api.get({"kind": kind, "metadata": {"name": name}}).good().body["webhooks"]
    ]


def in_sync(cluster: Cluster) -> bool:
    return set(bundles(cluster.api)) == {data(cluster.api, SERVING)["ca.crt"]}


def validating() -> Manifest:
    kind = "ValidatingWebhookConfiguration"
    return {"kind": kind, "metadata": {"name": CONFIGURATIONS[kind]}}


def overwrite(cluster: Cluster, text: str, manager: str = "vandal") -> None:
    """Let somebody write a bundle into the first webhook."""
    change = [{"op": "replace", "path": "/webhooks/0/clientConfig/caBundle", "value": text}]
    cluster.api.ask(
        "PATCH", path_of(validating()), change,
        headers={"Content-Type": JSON_PATCH}, query={"fieldManager": manager},
    ).good()  # fmt: skip


def served(replica: Webhook) -> bytes:
    return ssl.get_server_certificate(("127.0.0.1", replica.port)).encode()


def all_serve_the_newest(cluster: Cluster) -> bool:
    newest = data(cluster.api, SERVING)["tls.crt"]
    return all(served(replica).strip() == newest.strip() for replica in cluster.replicas)


def signer(cluster: Cluster) -> bytes:
    return data(cluster.api, AUTHORITY)["ca.crt"]


def test_the_api_server_believes_what_was_made(cluster: Cluster) -> None:
    refused = cluster.api.create(pod("insecure", "strict", bad_spec()), dry_run=True)

    assert (refused.code, secure(cluster).code) == (403, 201)
    assert in_sync(cluster)
    assert set(data(cluster.api, SERVING)) == {"tls.crt", "tls.key", "ca.crt"}
    again = certs("init", cluster.access)
    assert again.status == 2
    assert "is not empty" in again.err


def test_leaf_and_authority_rotate_and_no_pod_is_lost(
    cluster: Cluster, keeper: Keeper, announce: Callable[[str], None]
) -> None:
    first = signer(cluster)
    with load(lambda: secure(cluster)) as answers:
        for what in ("leaf", "ca", "leaf"):
            before = data(cluster.api, SERVING)["tls.crt"], signer(cluster)
            forced = certs("rotate", cluster.access, "--force", what)
            assert forced.status == 0, forced.err
            if what == "ca":
                wait_for(lambda old=before[1]: signer(cluster) != old, "the next authority signs")
            wait_for(
                lambda old=before[0]: data(cluster.api, SERVING)["tls.crt"] != old, "there is a new leaf"
            )
            wait_for(lambda: all_serve_the_newest(cluster), "all replicas serve it")
            seen = len(answers)
            wait_for(lambda seen=seen: len(answers) > seen + 50, "requests go on")
    announce(f"  {len(answers)} pods were judged while leaf, authority and leaf were rotated")

    assert {answer.code for answer in answers} == {201}
    assert first in data(cluster.api, SERVING)["ca.crt"]
    assert signer(cluster) != first
    assert "next.key" not in data(cluster.api, AUTHORITY)
    assert keeper.said("the next authority signs from now on")


def test_a_bundle_that_is_taken_away_is_back_within_seconds(
    cluster: Cluster, keeper: Keeper, announce: Callable[[str], None]
) -> None:
    overwrite(cluster, "")
    since = time.monotonic()
    wait_for(lambda: in_sync(cluster), "the bundle is back", BACK)
    announce(f"  the bundle was back after {time.monotonic() - since:.1f} s")
    wait_for(lambda: secure(cluster).code == 201, "the webhook is called again", BACK)
    assert keeper.said("put the bundle into pod-security-webhook.kubernetes.io")


def test_a_configuration_that_is_deleted_and_made_again_gets_its_bundle(
    cluster: Cluster, keeper: Keeper
) -> None:
    held, other = configurations(cluster.replicas)
    for manifest in (held, other):
        cluster.api.delete(manifest).good()
    wait_for(lambda: "ca_bundle_in_sync{" not in metrics(keeper), "no webhook is counted", BACK)
    for manifest in (held, other):
        cluster.api.create(manifest).good()

    wait_for(lambda: in_sync(cluster), "the bundle is there", BACK)
    wait_for(lambda: secure(cluster).code == 201, "the webhook is called again", BACK)


def test_a_quarrel_is_told_with_its_other_side_and_not_fought_in_a_loop(
    cluster: Cluster, keeper: Keeper
) -> None:
    other = base64.b64encode(cluster.plane.authority.certificate.read_bytes()).decode()
    until = time.monotonic() + 10
    while time.monotonic() < until:
        overwrite(cluster, other, "argocd")
        time.sleep(0.1)

    put = [line for line in keeper.log() if "over what argocd (Update) wrote" in line["message"]]
    assert 1 <= len(put) <= 6
    assert keeper.said("argocd (Update) keeps writing over caBundle")
    wait_for(lambda: in_sync(cluster), "it ends well when the other one stops", 70)


def test_when_the_one_that_rotates_is_killed_another_goes_on(cluster: Cluster, keeper: Keeper) -> None:
    before = signer(cluster)
    second = cluster.keeper()
    try:
        second.process.wait_until(lambda: second.said("keeping certificates"), "running")
        forced = certs("rotate", cluster.access, "--force", "ca")
        assert forced.status == 0, forced.err
        with load(lambda: secure(cluster)) as answers:
            keeper.process.kill()
            second.process.wait_until(second.leads, "the one that rotates")
            wait_for(lambda: signer(cluster) != before, "the next authority signs")
            wait_for(lambda: all_serve_the_newest(cluster), "all replicas serve its leaf")
        assert {answer.code for answer in answers} == {201}
        assert second.process.stop() == 0
        # Who leaves in order leaves the Lease to others.
        assert not cluster.api.get(LEASE).good().body["spec"].get("holderIdentity")
    finally:
        second.process.kill()


def test_a_secret_that_was_edited_by_hand_is_refused_and_the_last_good_stays(
    cluster: Cluster, keeper: Keeper
) -> None:
    good = cluster.api.get(AUTHORITY).good().body["data"]
    leaf = data(cluster.api, SERVING)["tls.crt"]
    cluster.api.patch(AUTHORITY, {"data": {"ca.key": None}}).good()
    try:
        wait_for(lambda: keeper.said("there is ca.crt and no ca.key"), "it is told", BACK)
        assert "there is ca.crt and no ca.key" in probe(keeper, "readyz")
        overwrite(cluster, "")
        wait_for(lambda: in_sync(cluster), "the last good bundle is put back", BACK)
        shown = certs("show", cluster.access)
        assert shown.status == 2
        assert "there is ca.crt and no ca.key; put back what was there" in shown.out
    finally:
        cluster.api.patch(AUTHORITY, {"data": good}).good()
    wait_for(lambda: keeper.said("nothing stands in the way any more"), "all is well again", BACK)
    assert data(cluster.api, SERVING)["tls.crt"] == leaf
    assert secure(cluster).code == 201


def test_half_of_a_serving_pair_is_replaced_and_never_served(cluster: Cluster, keeper: Keeper) -> None:
    with load(lambda: secure(cluster)) as answers:
        broken = base64.b64encode(b"-----BEGIN PRIVATE KEY-----\n").decode()
        cluster.api.patch(SERVING, {"data": {"tls.key": broken}}).good()
        wait_for(lambda: data(cluster.api, SERVING)["tls.key"] != base64.b64decode(broken), "it is whole")
        wait_for(lambda: all_serve_the_newest(cluster), "all replicas serve the new one")
    assert {answer.code for answer in answers} == {201}
    assert keeper.said("tls.key: no private key in PEM")


@pytest.mark.usefixtures("keeper")
def test_when_the_authorities_are_lost_another_follows_without_an_outage(cluster: Cluster) -> None:
    before = signer(cluster)
    with load(lambda: secure(cluster)) as answers:
        lost = dict.fromkeys(data(cluster.api, AUTHORITY))
        cluster.api.patch(AUTHORITY, {"data": lost}).good()
        wait_for(lambda: data(cluster.api, AUTHORITY).get("ca.crt", before) != before, "another signs")
        wait_for(lambda: all_serve_the_newest(cluster), "all replicas serve its leaf")
    assert {answer.code for answer in answers} == {201}
    assert before in data(cluster.api, SERVING)["ca.crt"]


def metrics(keeper: Keeper) -> str:
    return probe(keeper, "metrics")


def probe(keeper: Keeper, page: str) -> str:
    try:
        with urlopen(f"http://127.0.0.1:{keeper.port}/{page}", timeout=10) as answer:
            return str(answer.read().decode())
    except HTTPError as refused:
        return refused.read().decode()


def test_metrics_and_show_say_how_things_are(cluster: Cluster, keeper: Keeper) -> None:
    wait_for(lambda: "ca_bundle_in_sync{" in metrics(keeper), "there was a round", BACK)
    lines = metrics(keeper).splitlines()
    shown = json.loads(certs("show", cluster.access, "-o", "json").out)

    assert 'seccomp_webhook_ca_bundle_in_sync{webhook="defaults.example.com"} 1.0' in lines
    assert 'seccomp_webhook_ca_bundle_in_sync{webhook="pod-security-webhook.kubernetes.io"} 1.0' in lines
    for kind in ("leaf", "ca"):
        start = f'seccomp_webhook_certificate_not_after_timestamp_seconds{{kind="{kind}"}} '
        assert [line for line in lines if line.startswith(start)]
    assert probe(keeper, "readyz") == probe(keeper, "livez") == "ok\n"
    assert shown["due"] == shown["problems"] == []
    assert all(each["inSync"] for held in shown["configurations"] for each in held["webhooks"])


MISSING = [
    ("get", "secrets"), ("update", "secrets"), ("watch", "secrets"), ("get", "leases"), ("update", "leases"),
    ("get", "validatingwebhookconfigurations"), ("patch", "validatingwebhookconfigurations"),
    ("watch", "validatingwebhookconfigurations"), ("get", "mutatingwebhookconfigurations"),
    ("patch", "mutatingwebhookconfigurations"), ("watch", "mutatingwebhookconfigurations"),
]  # fmt: skip


@pytest.mark.parametrize("missing", MISSING, ids=" ".join)
def test_a_missing_permission_is_named(cluster: Cluster, missing: tuple[str, str]) -> None:
    verb, resource = missing
    rights(cluster.api, missing)
    running = cluster.keeper()
    try:
        if resource != "leases":
            running.process.wait_until(running.leads, "the one that rotates")
        if verb == "update" and resource == "secrets":
            # Something must be due.
            cluster.api.patch(SERVING, {"data": {"ca.crt": ""}}).good()
        if verb == "patch":
            kind = next(each for each in CONFIGURATIONS if each.lower() in resource)
            held = {"kind": kind, "metadata": {"name": CONFIGURATIONS[kind]}}
            change = [{"op": "replace", "path": "/webhooks/0/clientConfig/caBundle", "value": ""}]
            cluster.api.ask("PATCH", path_of(held), change, headers={"Content-Type": JSON_PATCH}).good()
        running.process.wait_until(
            lambda: running.said(f"missing permission: {verb} {resource} "), "telling it", 30
        )
    finally:
        running.process.stop()
        rights(cluster.api)


def test_a_webhook_is_removed_by_a_patch_because_server_side_apply_leaves_what_two_own(
    cluster: Cluster, keeper: Keeper
) -> None:
    """A limit of Server-Side Apply, told in decision 7: an item that has another owner is not removed."""
    held, _ = configurations(cluster.replicas)
    held["metadata"] = {"name": "applied"}
    for each in held["webhooks"]:
        each["rules"][0]["resources"] = ["nobodymakesthese"]
    keeper.process.stop()
    # By name the account may not do this.
    wider = cluster._replace(access=cluster.plane.kubeconfig)
    running = wider.keeper("--validating=applied")
    try:
        apply(cluster, held)
        wait_for(lambda: bundles_of(cluster, "applied") == 2, "both have the bundle", 30)
        del held["webhooks"][1]
        assert apply(cluster, held).code == 422
        gone = [{"op": "remove", "path": "/webhooks/1"}]
        cluster.api.ask("PATCH", path_of(held), gone, headers={"Content-Type": JSON_PATCH}).good()
        assert apply(cluster, held).code == 200
        wait_for(lambda: bundles_of(cluster, "applied") == 1, "one is left")
    finally:
        running.process.stop()
        cluster.api.delete(held)


def apply(cluster: Cluster, manifest: Manifest) -> Answer:
    return cluster.api.ask(
        "PATCH", path_of(manifest), manifest,
        headers={"Content-Type": APPLY_PATCH}, query={"fieldManager": "gitops"},
    )  # fmt: skip


def bundles_of(cluster: Cluster, name: str) -> int:
    found = cluster.api.get({"kind": "ValidatingWebhookConfiguration", "metadata": {"name": name}})
    webhooks = found.body.get("webhooks", []) if found.code == 200 else []
    return sum(bool(each["clientConfig"].get("caBundle")) for each in webhooks)
