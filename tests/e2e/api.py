"""Requests to an API server, and everything that it answers.

Goes through the connections of the Kubernetes client for Python; statuses are answers here, not exceptions.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

from kubernetes import config

Manifest = dict[str, Any]

_TIMEOUT: Final = 60.0
JSON: Final = "application/json"
JSON_PATCH: Final = "application/json-patch+json"
APPLY_PATCH: Final = "application/apply-patch+yaml"
MERGE_PATCH: Final = "application/merge-patch+json"
STRATEGIC_PATCH: Final = "application/strategic-merge-patch+json"

RESOURCES: Final = {
    "Namespace": ("api/v1", "namespaces", False),
    "ServiceAccount": ("api/v1", "serviceaccounts", True),
    "Secret": ("api/v1", "secrets", True),
    "Service": ("api/v1", "services", True),
    "Node": ("api/v1", "nodes", False),
    "Pod": ("api/v1", "pods", True),
    "Event": ("api/v1", "events", True),
    "ReplicationController": ("api/v1", "replicationcontrollers", True),
    "PodTemplate": ("api/v1", "podtemplates", True),
    "ReplicaSet": ("apis/apps/v1", "replicasets", True),
    "Deployment": ("apis/apps/v1", "deployments", True),
    "StatefulSet": ("apis/apps/v1", "statefulsets", True),
    "DaemonSet": ("apis/apps/v1", "daemonsets", True),
    "Job": ("apis/batch/v1", "jobs", True),
    "CronJob": ("apis/batch/v1", "cronjobs", True),
    "RuntimeClass": ("apis/node.k8s.io/v1", "runtimeclasses", False),
    "CustomResourceDefinition": ("apis/apiextensions.k8s.io/v1", "customresourcedefinitions", False),
    "Lease": ("apis/coordination.k8s.io/v1", "leases", True),
    "Role": ("apis/rbac.authorization.k8s.io/v1", "roles", True),
    "RoleBinding": ("apis/rbac.authorization.k8s.io/v1", "rolebindings", True),
    "ClusterRole": ("apis/rbac.authorization.k8s.io/v1", "clusterroles", False),
    "ClusterRoleBinding": ("apis/rbac.authorization.k8s.io/v1", "clusterrolebindings", False),
    "MutatingWebhookConfiguration": (
        "apis/admissionregistration.k8s.io/v1",
        "mutatingwebhookconfigurations",
        False,
    ),
    "ValidatingWebhookConfiguration": (
        "apis/admissionregistration.k8s.io/v1",
        "validatingwebhookconfigurations",
        False,
    ),
}
"""Where each kind lives: group and version, resource, and whether a namespace holds it."""


class Answer(NamedTuple):
    """What came back: the status line's code, the object or the Status, the warnings in order."""

    code: int
    body: Any
    warnings: tuple[str, ...]
    audit_id: str

    @property
    def message(self) -> str:
        return str(self.body.get("message", "")) if isinstance(self.body, dict) else str(self.body)

    def good(self) -> "Answer":
        """Itself, where the request succeeded; fails the test where not."""
        assert self.code < 300, (self.code, self.message)
        return self


class Api:
    """An API server as one of its users sees it."""

    def __init__(self, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig
        client = config.new_client_from_config(str(kubeconfig))  # type: ignore[no-untyped-call]  # the library's
        self._server = client.configuration.host
        self._pool = client.rest_client.pool_manager

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,  # noqa: ANN401 - JSON of any kind
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to one request; nothing is retried."""
        audit_id = str(uuid4())
        sent = {"Content-Type": JSON, "Accept": JSON, "Audit-ID": audit_id, **(headers or {})}
        reply = self._pool.request(
            method,
            f"{self._server}/{path}" + (f"?{urlencode(query)}" if query else ""),
            body=None if body is None else json.dumps(body),
            headers=sent,
            timeout=_TIMEOUT,
            retries=False,
        )
        text = reply.data.decode()
        is_json = reply.headers.get("Content-Type", "").startswith(JSON)
        warnings = tuple(reply.headers.getlist("Warning"))
        return Answer(reply.status, json.loads(text) if is_json else text, warnings, audit_id)

    def create(self, manifest: Manifest, *, dry_run: bool = False) -> Answer:
        query = {"dryRun": "All"} if dry_run else None
        return self.ask("POST", path_of(manifest, collection=True), manifest, query=query)

    def replace(self, manifest: Manifest) -> Answer:
        return self.ask("PUT", path_of(manifest), manifest)

    def apply(self, manifest: Manifest) -> Answer:
        """Create what is not there, replace what is."""
        created = self.create(manifest)
        return self.replace(manifest) if created.code == 409 else created

    def patch(self, manifest: Manifest, change: Manifest, *, dry_run: bool = False) -> Answer:
        """Change what *change* says, as a merge patch."""
        query = {"dryRun": "All"} if dry_run else None
        return self.ask(
            "PATCH", path_of(manifest), change, headers={"Content-Type": MERGE_PATCH}, query=query
        )

    def get(self, manifest: Manifest) -> Answer:
        return self.ask("GET", path_of(manifest))

    def items(self, kind: str, namespace: str = "") -> list[Manifest]:
        """All objects of a kind, in *namespace*."""
        example = {"kind": kind, "metadata": {"namespace": namespace}}
        found = self.ask("GET", path_of(example, collection=True)).good()
        items: list[Manifest] = found.body["items"]
        return items

    def delete(self, manifest: Manifest) -> Answer:
        return self.ask("DELETE", path_of(manifest), query={"gracePeriodSeconds": "0"})


def path_of(manifest: Manifest, *, collection: bool = False) -> str:
    """Where an object is, or is created."""
    group, resource, is_namespaced = RESOURCES[manifest["kind"]]
    metadata = manifest["metadata"]
    namespace = f"/namespaces/{metadata.get('namespace', 'default')}" if is_namespaced else ""
    return f"{group}{namespace}/{resource}" + ("" if collection else f"/{metadata['name']}")
