"""Kubernetes' own tutorials, step by step: they print with the webhook what they print with the plugin."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.e2e.audit import AuditLog
from tests.e2e.cluster import WebhookCluster, judges
from tests.e2e.conftest import need
from tests.e2e.control_plane import ControlPlane
from tests.e2e.kubectl import Kubectl
from tests.e2e.objects import RESTRICTED_DETAIL
from tests.e2e.processes import wait_for
from tests.e2e.twin.outcome import plain, unprefixed

TEXTS = Path(__file__).with_name("tutorials")
TUTORIALS = [
    tutorial
    for file in ("steps.yaml", "migration.yaml", "seccomp.yaml")
    for tutorial in yaml.safe_load((TEXTS / file).read_text())
]
BARE = re.compile(r"\{restricted:([\w-]+)\}")
OWN_LINE = "namespace/seccomp-webhook labeled (server dry run)\n"
"""Readers who have the webhook have its namespace too."""
OWN_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


class Place(NamedTuple):
    """A cluster as its user and its auditor see it."""

    kubectl: Kubectl
    audit: AuditLog


@pytest.fixture(scope="module", params=["plugin", "webhook"])
def clusters(request: pytest.FixtureRequest, place: Path) -> Iterator[dict[str, Place]]:
    """The clusters of the tutorials; that the plugin prints the same shows that the texts are right."""
    need("etcd", "kube-apiserver", "kubectl")
    admissions = {"unconfigured": None, "configured": TEXTS / "cluster-level.yaml"}
    with ExitStack() as running:
        places = {}
        for name, file in admissions.items():
            cluster = started(request.param, place / f"{request.param}-{name}", file)
            running.enter_context(cluster)
            places[name] = settled(cluster)
        yield places


def started(judge: str, folder: Path, admission: Path | None) -> ControlPlane | WebhookCluster:
    if judge == "plugin":
        return ControlPlane(folder, pod_security=True, admission=admission)
    return WebhookCluster(folder, admission=admission)


def settled(cluster: ControlPlane | WebhookCluster) -> Place:
    """The cluster of the tutorials, with the pods that everyone has."""
    plane = cluster.plane if isinstance(cluster, WebhookCluster) else cluster
    kubectl = Kubectl(plane.kubeconfig)
    wait_for(lambda: judges(plane.admin), "Pod Security is done")
    wait_for(lambda: kubectl(f"get ns {' '.join(OWN_NAMESPACES)}").status == 0, "the namespaces are there")
    created = kubectl("apply -f -", (TEXTS / "kube-system.yaml").read_text())
    assert created.status == 0, created.err
    return Place(kubectl, plane.audit)


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda tutorial: tutorial["title"])
def test_a_tutorial_prints_what_it_says(clusters: dict[str, Place], tutorial: dict[str, Any]) -> None:
    kubectl, audit = clusters[tutorial["cluster"]]
    for step in tutorial["steps"]:
        manifest = (TEXTS / step["file"]).read_text() if "file" in step else ""
        printed = kubectl(step["run"], manifest)
        said = (step.get("status", 0), step.get("out", ""), filled(step.get("err", "")))
        out = printed.out.replace(OWN_LINE, "")
        assert (printed.status, out, plain(printed.err)) == said, step["run"]
        if "audit" in step:
            namespace, name = made_in(step["run"], manifest)
            noted = unprefixed(audit.created(namespace, name).get("annotations", {}))
            assert noted == {key: filled(text) for key, text in step["audit"].items()}, step["run"]


def filled(text: str) -> str:
    """*text* with all that restricted says of a container in the place of ``{restricted:NAME}``."""
    return BARE.sub(lambda found: RESTRICTED_DETAIL.replace('"web"', f'"{found[1]}"'), text)


def made_in(command: str, manifest: str) -> tuple[str, str]:
    """The namespace and the name of the pod that *command* makes, ``run NAME ...`` or of *manifest*."""
    words = command.split()
    name = yaml.safe_load(manifest)["metadata"]["name"] if manifest else words[1]
    return words[words.index("-n") + 1], name
