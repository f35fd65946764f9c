"""Objects that several suites make."""

from typing import Any

from tests.e2e.api import Manifest

_CONTAINER = {"name": "web", "image": "registry.example/web:1"}
_ALLOWED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
RESTRICTED_DETAIL = (
    'allowPrivilegeEscalation != false (container "web" must set'
    " securityContext.allowPrivilegeEscalation=false), unrestricted capabilities"
    ' (container "web" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true'
    ' (pod or container "web" must set securityContext.runAsNonRoot=true), seccompProfile'
    ' (pod or container "web" must set securityContext.seccompProfile.type to'
    ' "RuntimeDefault" or "Localhost")'
)
"""What the level restricted has to say of a pod with the spec of ``plain_spec``."""


def namespace(name: str, **labels: str) -> Manifest:
    """A namespace with labels of Pod Security: ``enforce="baseline"``, ``enforce_version="v1.20"``."""
    marked = {f"pod-security.kubernetes.io/{key.replace('_', '-')}": value for key, value in labels.items()}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": marked}}


def plain_spec() -> Manifest:
    """A pod as beginners write it: baseline lets it pass, restricted does not."""
    return {"containers": [dict(_CONTAINER)]}


def good_spec() -> Manifest:
    """A pod that every level lets pass."""
    return {"containers": [{**_CONTAINER, "securityContext": _ALLOWED}]}


def bad_spec() -> Manifest:
    """A pod that no level but privileged lets pass."""
    return {**plain_spec(), "hostPID": True}


def pod(name: str, namespace: str, spec: Manifest, **metadata: Any) -> Manifest:  # noqa: ANN401 - any metadata
    """A pod."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, **metadata},
        "spec": spec,
    }


def workload(kind: str, name: str, namespace: str, spec: Manifest) -> Manifest:
    """A Deployment, or another kind that makes one pod of a template."""
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": spec}
    content: Manifest = {"template": template, "selector": {"matchLabels": labels}}
    version = "apps/v1"
    if kind == "Job":
        version = "batch/v1"
        content = {"template": {**template, "spec": {**spec, "restartPolicy": "Never"}}}
    elif kind == "CronJob":
        version = "batch/v1"
        content = {"schedule": "0 0 1 1 *", "jobTemplate": workload("Job", name, namespace, spec)}
        content["jobTemplate"] = {"spec": content["jobTemplate"]["spec"]}
    elif kind == "ReplicationController":
        version = "v1"
        content["selector"] = labels
    elif kind == "StatefulSet":
        content["serviceName"] = name
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": content}
