"""The same requests to two API servers: whoever asks cannot tell the webhook from the built-in plugin."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
import yaml

from tests.e2e.api import Manifest
from tests.e2e.conftest import need
from tests.e2e.kubectl import Kubectl
from tests.e2e.objects import bad_spec, good_spec, namespace, plain_spec, pod
from tests.e2e.processes import wait_for
from tests.e2e.twin.outcome import plain, rise
from tests.e2e.twin.pair import Twins
from tests.e2e.twin.request import Request, patch
from tests.e2e.twin.story import Story
from tests.e2e.twin.typed import Command, typed
from tests.e2e.twin.vocabulary import vocabulary
from tests.e2e.twin.world import settle

REQUESTS = int(os.environ.get("E2E_REQUESTS", "1000"))
SEED = int(os.environ.get("E2E_SEED", "1"))
TYPED_EACH, TYPED_OF_THEM = 40, 2
"""Of so many requests, so many are typed through kubectl, which takes longer."""

TYPED = yaml.safe_load(Path(__file__).with_name("twin").joinpath("kubectl.yaml").read_text())

CONFIGURED = {
    "apiVersion": "apiserver.config.k8s.io/v1",
    "kind": "AdmissionConfiguration",
    "plugins": [
        {
            "name": "PodSecurity",
            "configuration": {
                "apiVersion": "pod-security.admission.config.k8s.io/v1",
                "kind": "PodSecurityConfiguration",
                "defaults": {
                    "enforce": "baseline",
                    "enforce-version": "latest",
                    "audit": "restricted",
                    "audit-version": "v1.24",
                    "warn": "restricted",
                },
                "exemptions": {
                    "usernames": ["system:exempt"],
                    "namespaces": ["exempt-namespace", "judged-3"],
                    "runtimeClasses": ["exempt-class"],
                },
            },
        }
    ],
}


TOLD = (
    "only checked against the first 3000 of 3301 existing pods",
    "violate the new PodSecurity enforce level",
    "0-alone (and 2899 other pods): ",
    "z-0 (and 59 other pods): ",
)


@pytest.fixture(scope="module", params=["unconfigured", "configured"])
def twins(request: pytest.FixtureRequest, place: Path) -> Iterator[Twins]:
    need("etcd", "kube-apiserver", "kubectl")
    admission = None
    folder = place / f"twins-{request.param}"
    if request.param == "configured":
        folder.mkdir()
        admission = folder / "admission.json"
        admission.write_text(json.dumps(CONFIGURED))
    with Twins(folder, admission) as started:
        yield started


# First, while no pod has a name that its API server made up.
def test_kubectl_prints_the_same_for_both(twins: Twins) -> None:
    for step in TYPED:
        plugin, webhook = (Kubectl(api.kubeconfig)(step["run"], step.get("input", "")) for api in twins.apis)
        unprefixed = webhook._replace(err=plain(webhook.err))
        assert unprefixed == plugin, step["run"]


def test_the_twins_answer_alike(twins: Twins, announce: Callable[[str], None]) -> None:
    random = Random(SEED)  # noqa: S311 - the same requests each time
    words = vocabulary(twins.apis[0])
    assert words == vocabulary(twins.apis[1])
    story = Story(random, words, settle(twins, random, words))
    before = twins.counters()
    different: list[str] = []
    tally = Counter[str]()
    for number in range(REQUESTS):
        request = story.next()
        command = typed(request, applied=number % 2 == 0) if number % TYPED_EACH < TYPED_OF_THEM else None
        if command:
            code, found = by_kubectl(twins, command, tally)
        else:
            code, found = by_client(twins, request, tally)
        if found:
            different.append("\n  ".join((f"request {number}: {json.dumps(request)}", *found)))
        tally[f"{request.about['kind']} {code}"] += 1
        story.happened(request, code)
    announce(f"{REQUESTS} requests to both: {json.dumps(dict(tally.most_common()))}")
    assert not different, f"{len(different)} of {REQUESTS} differ, such as\n" + "\n".join(different[:10])
    assert tally["kubectl prints of it"] > REQUESTS / 250, tally
    for often in ("denials", "Pod 201", "with warnings", "audit-violations"):
        assert tally[often] > REQUESTS / 50, tally
    plugin_counts, webhook_counts = (
        rise(old, new) for old, new in zip(before, twins.counters(), strict=True)
    )
    assert webhook_counts == plugin_counts


def by_client(twins: Twins, request: Request, tally: Counter[str]) -> tuple[int, list[str]]:
    """The code that *request* comes to, and in what the twins differ."""
    plugin, webhook = twins.outcomes(request)
    tally["denials"] += "violates PodSecurity" in plugin.message
    tally["with warnings"] += any("PodSecurity" in text for text in plugin.warnings)
    tally.update(plugin.annotations.keys())
    return plugin.code, plugin.differences(webhook)


def by_kubectl(twins: Twins, command: Command, tally: Counter[str]) -> tuple[int, list[str]]:
    """The code that *command* comes to, as far as its status tells, and in what the outputs differ."""
    with ThreadPoolExecutor(2) as pool:
        plugin, webhook = pool.map(
            lambda api: Kubectl(api.kubeconfig)(command.line, command.manifests), twins.apis
        )
    verb = command.line.partition(" ")[0]
    tally[f"kubectl {verb}"] += 1
    tally["kubectl prints of it"] += "PodSecurity" in plugin.err
    webhook = webhook._replace(out=plain(webhook.out), err=plain(webhook.err))
    plugin = plugin._replace(out=plain(plugin.out), err=plain(plugin.err))
    difference = [] if plugin == webhook else [f"{command.line}\n    {plugin}\n    {webhook}"]
    made = 201 if verb in {"create", "apply"} else 200
    return (0 if plugin.status else made), difference


@pytest.mark.parametrize("twins", ["configured"], indirect=True)
def test_of_more_pods_than_are_looked_at_both_choose_alike(twins: Twins) -> None:
    """The plugin takes pods in any order, and in another at each request.

    It says always the same only where all replicas are alike, and no group is named after one.
    """
    place = "overcrowded"
    exempt = {**bad_spec(), "runtimeClassName": "exempt-class"}
    pods = [
        pod("0-alone", place, plain_spec()),
        *(pod(f"a-{at}", place, plain_spec(), ownerReferences=[owner(at % 2)]) for at in range(3200)),
        *(pod(f"x-{at}", place, exempt) for at in range(50)),
        *(pod(f"y-{at}", place, good_spec(), ownerReferences=[owner(at)]) for at in range(2, 42)),
        *(pod(f"z-{at}", place, bad_spec()) for at in range(60)),
    ]
    strict = patch(namespace(place), namespace(place, enforce="restricted"))._replace(dry_run=True)
    for api in twins.apis:
        api.create(namespace(place, enforce="privileged")).good()
        with ThreadPoolExecutor(8) as pool:
            assert {answer.code for answer in pool.map(api.create, pods)} == {201}
    wait_for(lambda: "of 3301" in str(twins.outcomes(strict)[0].warnings), "the plugin knows all pods")
    for _ in range(3):
        plugin, webhook = twins.outcomes(strict)
        assert plugin.differences(webhook) == []
        assert len(webhook.warnings) == len(TOLD)
        assert all(told in warning for told, warning in zip(TOLD, webhook.warnings, strict=True))


def owner(number: int) -> Manifest:
    """A controller of pods."""
    uid = f"00000000-0000-0000-0000-{number:012}"
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "name": f"r-{number}",
        "uid": uid,
        "controller": True,
    }
