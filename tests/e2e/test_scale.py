"""Ten thousand namespaces: what the webhook takes, and what it adds to a pod's creation."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.access import Rights
from tests.e2e.api import Answer, Api
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import need
from tests.e2e.objects import good_spec, namespace, plain_spec, pod
from tests.e2e.open_loop import paced, percentile

NAMESPACES = int(os.environ.get("E2E_NAMESPACES", "10000"))
PODS = 500
MEMORY = 120 * 1024 * 1024

RATE = 50
WINDOW = 6.0
IS_QUIET = os.environ.get("E2E_QUIET") == "1"
"""Whether nobody else uses this machine, so that milliseconds may be asserted."""
WINDOWS = 6 if IS_QUIET else 2
ADDED = 5.0


@pytest.fixture(scope="module")
def crowded(place: Path) -> Iterator[WebhookCluster]:
    """A cluster with many namespaces, from which the webhook is away."""
    need("etcd", "kube-apiserver")
    with WebhookCluster(place / "scale") as cluster:
        cluster.unregister()
        cluster.webhook.stop()
        levels = ("restricted", "baseline", "privileged")
        with ThreadPoolExecutor(4) as pool:
            for number in range(NAMESPACES):
                labels = {"enforce": levels[number % 3], "enforce_version": "latest", "warn": "restricted"}
                pool.submit(create, cluster.admin, f"team-{number}", labels)
        assert len(cluster.admin.items("Namespace")) > NAMESPACES
        yield cluster


def create(api: Api, name: str, labels: dict[str, str]) -> None:
    api.create(namespace(name, **labels)).good()


def test_ten_thousand_namespaces_fit(crowded: WebhookCluster, announce: Callable[[str], None]) -> None:
    since = time.monotonic()
    crowded.webhook.start()
    ready = time.monotonic() - since
    at_start = crowded.webhook.resident()
    crowded.register()
    api = crowded.admin
    # The registration leaves out the webhook's own namespace: there nobody is asked.
    aside = Rights(api).account["namespace"]
    seconds: dict[str, list[float]] = {aside: [], "team-0": []}
    for number in range(PODS):
        for place, taken in seconds.items():
            manifest = pod(f"pod-{number}", place, good_spec())
            since = time.monotonic()
            api.create(manifest).good()
            taken.append((time.monotonic() - since) * 1000)
    in_use = crowded.webhook.resident()
    announce(
        f"{NAMESPACES} namespaces: ready after {ready:.1f} s; memory {at_start / 2**20:.0f} MiB when ready,"
        f" {in_use / 2**20:.0f} MiB in use"
    )
    for what, taken in zip(("without", "with"), seconds.values(), strict=True):
        announce(f"a pod's creation {what} the webhook: {quantiles(taken)}")
    assert in_use < MEMORY


def quantiles(taken: list[float]) -> str:
    return ", ".join(f"p{part} {percentile(taken, part):.1f} ms" for part in (50, 95, 99))


def test_what_it_adds_to_fifty_creations_a_second(
    crowded: WebhookCluster, announce: Callable[[str], None]
) -> None:
    """In turns with and without it, so that what else the machine does is the same for both."""
    api = crowded.admin
    if crowded.webhook.process is None:
        crowded.webhook.start()
    crowded.register()
    seconds: dict[str, list[float]] = {"without": [], "with": []}
    for window in range(WINDOWS):
        for what, taken in seconds.items():
            (crowded.unregister if what == "without" else crowded.register)()
            taken.extend(paced(partial(create_pod, api, f"{what}-{window}"), RATE, WINDOW))
    for what, taken in seconds.items():
        announce(f"{RATE} creations/s, {len(taken)} {what} the webhook: {quantiles(taken)}")
    added = {
        part: percentile(seconds["with"], part) - percentile(seconds["without"], part)
        for part in (50, 95, 99)
    }
    announce("added: " + ", ".join(f"p{part} {more:.1f} ms" for part, more in added.items()))
    refused = api.create(pod("refused", "team-0", plain_spec()))
    assert refused.code == 403, "it was asked"
    assert not IS_QUIET or added[99] < ADDED


def create_pod(api: Api, prefix: str, number: int) -> Answer:
    return api.create(pod(f"{prefix}-{number}", "team-0", good_spec()))
