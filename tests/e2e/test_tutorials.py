"""Kubernetes' own tutorials, step by step: they print with the webhook what they print with the plugin."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.cluster import WebhookCluster, judges
from tests.e2e.conftest import need
from tests.e2e.control_plane import ControlPlane
from tests.e2e.kubectl import Kubectl
from tests.e2e.processes import wait_for

TEXTS = Path(__file__).with_name("tutorials")
TUTORIALS = yaml.safe_load((TEXTS / "steps.yaml").read_text())
PREFIX = re.compile(r'admission webhook "[^"]+" denied the request: ')
OWN_LINE = "namespace/seccomp-webhook labeled (server dry run)\n"
"""Readers who have the webhook have its namespace too."""
OWN_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


@pytest.fixture(scope="module", params=["plugin", "webhook"])
def clusters(request: pytest.FixtureRequest, place: Path) -> Iterator[dict[str, Kubectl]]:
    """The clusters of the tutorials; that the plugin prints the same shows that the texts are right."""
    need("etcd", "kube-apiserver", "kubectl")
    admissions = {"unconfigured": None, "configured": TEXTS / "cluster-level.yaml"}
    with ExitStack() as running:
        kubectls = {}
        for name, file in admissions.items():
            cluster = started(request.param, place / f"{request.param}-{name}", file)
            running.enter_context(cluster)
            kubectls[name] = settled(cluster)
        yield kubectls


def started(judge: str, folder: Path, admission: Path | None) -> ControlPlane | WebhookCluster:
    if judge == "plugin":
        return ControlPlane(folder, pod_security=True, admission=admission)
    return WebhookCluster(folder, admission=admission)


def settled(cluster: ControlPlane | WebhookCluster) -> Kubectl:
    """The cluster of the tutorials, with the pods that everyone has."""
    plane = cluster.plane if isinstance(cluster, WebhookCluster) else cluster
    kubectl = Kubectl(plane.kubeconfig)
    wait_for(lambda: judges(plane.admin), "Pod Security is done")
    wait_for(lambda: kubectl(f"get ns {' '.join(OWN_NAMESPACES)}").status == 0, "the namespaces are there")
    created = kubectl("apply -f -", (TEXTS / "kube-system.yaml").read_text())
    assert created.status == 0, created.err
    return kubectl


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda tutorial: tutorial["title"])
def test_a_tutorial_prints_what_it_says(clusters: dict[str, Kubectl], tutorial: dict[str, Any]) -> None:
    kubectl = clusters[tutorial["cluster"]]
    for step in tutorial["steps"]:
        printed = kubectl(step["run"], (TEXTS / step["file"]).read_text() if "file" in step else "")
        said = (step.get("status", 0), step.get("out", ""), step.get("err", ""))
        out = printed.out.replace(OWN_LINE, "")
        assert (printed.status, out, PREFIX.sub("", printed.err)) == said, step["run"]
