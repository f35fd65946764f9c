"""The same requests to two API servers: whoever asks cannot tell the webhook from the built-in plugin."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
import yaml

from tests.e2e.conftest import need
from tests.e2e.kubectl import Kubectl
from tests.e2e.twin.outcome import plain, rise
from tests.e2e.twin.pair import Twins
from tests.e2e.twin.story import Story
from tests.e2e.twin.vocabulary import vocabulary
from tests.e2e.twin.world import settle

REQUESTS = int(os.environ.get("E2E_REQUESTS", "1000"))
SEED = int(os.environ.get("E2E_SEED", "1"))

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
        plugin, webhook = twins.outcomes(request)
        found = plugin.differences(webhook)
        if found:
            different.append("\n  ".join((f"request {number}: {json.dumps(request)}", *found)))
        tally[f"{request.about['kind']} {plugin.code}"] += 1
        tally["denials"] += "violates PodSecurity" in plugin.message
        tally["with warnings"] += any("PodSecurity" in text for text in plugin.warnings)
        tally.update(plugin.annotations.keys())
        story.happened(request, plugin.code)
    announce(f"{REQUESTS} requests to both: {json.dumps(dict(tally.most_common()))}")
    assert not different, f"{len(different)} of {REQUESTS} differ, such as\n" + "\n".join(different[:10])
    for often in ("denials", "Pod 201", "with warnings", "audit-violations"):
        assert tally[often] > REQUESTS / 50, tally
    plugin_counts, webhook_counts = (
        rise(old, new) for old, new in zip(before, twins.counters(), strict=True)
    )
    assert webhook_counts == plugin_counts
