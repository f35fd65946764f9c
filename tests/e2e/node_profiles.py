"""What nodes hold, as their agents say it: the objects, their definition, and the rights to read them."""

from typing import Any, Final

import yaml

from tests.e2e.api import MERGE_PATCH, Answer, Api, Manifest
from tests.e2e.binaries import ROOT
from tests.e2e.processes import wait_for
from webhook.nodes.report import NodeReport
from webhook.nodes.wire import GROUP, KIND, PLURAL, VERSION, status_of

SHIPPED: Final = ROOT / "deploy" / "seccomp-webhook-agents.yaml"
PATH: Final = f"apis/{GROUP}/{VERSION}/{PLURAL}"
REDUCED: Final = {"Accept": "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"}
"""What is asked by who does not want back what was sent."""


def shipped(kind: str, name: str) -> Manifest:
    """One of the manifests that are shipped."""
    manifests: list[Manifest] = list(yaml.safe_load_all(SHIPPED.read_text()))
    [found] = [each for each in manifests if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


def may_read_nodes(api: Api) -> None:
    """Give the webhook what it is given with agents: the right to read nodes, and what they hold."""
    api.apply(shipped("ClusterRole", "seccomp-webhook")).good()


def define(api: Api) -> None:
    """Have the API server know the objects; returns when it does."""
    api.create(shipped("CustomResourceDefinition", f"{PLURAL}.{GROUP}")).good()
    wait_for(lambda: api.ask("GET", PATH).code == 200, "NodeProfiles are served")


def add_node(api: Api, name: str, **labels: str) -> None:
    """A node, without a kubelet; pods may be scheduled to it all the same."""
    labels = {"kubernetes.io/hostname": name, **labels}
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}}
    api.ask("POST", "api/v1/nodes", node, headers=REDUCED).good()
    # The API server taints it until a kubelet says that it is ready.
    headers = {**REDUCED, "Content-Type": MERGE_PATCH}
    api.ask("PATCH", f"api/v1/nodes/{name}", {"spec": {"taints": None}}, headers=headers).good()


def say(api: Api, report: NodeReport) -> Answer:
    """Say what a node holds, as its agent does."""
    metadata: dict[str, Any] = {"name": report.node}
    body: Manifest = {"apiVersion": f"{GROUP}/{VERSION}", "kind": KIND, "metadata": metadata}
    created = api.ask("POST", PATH, body, headers=REDUCED)
    assert created.code in {201, 409}, created.message
    change = {"status": status_of(report)}
    headers = {**REDUCED, "Content-Type": MERGE_PATCH}
    return api.ask("PATCH", f"{PATH}/{report.node}/status", change, headers=headers).good()


def take_back(api: Api, node: str) -> None:
    """Have nobody say any more what a node holds."""
    api.ask("DELETE", f"{PATH}/{node}").good()
