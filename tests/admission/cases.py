"""Cases of ``cases.yaml``: a request as it differs from a plain one, and the world that it meets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import yaml

from webhook.admission import Excerpt, LookupFailed, NamespaceNotFound, PodListFailed
from webhook.config import DEFAULTS, Settings, settings_of
from webhook.policy.labels import PREFIX
from webhook.policy.pod import Pod, pod_from

Case = dict[str, Any]

CASES: list[Case] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text())

UID = "705ab4f5-6393-11e8-b7cc-42010a800002"
KINDS = {
    "pods": ("", "Pod"),
    "namespaces": ("", "Namespace"),
    "serviceaccounts": ("", "ServiceAccount"),
    "replicationcontrollers": ("", "ReplicationController"),
    "podtemplates": ("", "PodTemplate"),
    "deployments": ("apps", "Deployment"),
    "replicasets": ("apps", "ReplicaSet"),
    "statefulsets": ("apps", "StatefulSet"),
    "daemonsets": ("apps", "DaemonSet"),
    "jobs": ("batch", "Job"),
    "cronjobs": ("batch", "CronJob"),
    "widgets": ("example.com", "Widget"),
}
POD = {"metadata": {"name": "cart"}, "spec": {"containers": [{"name": "app", "image": "app:1"}]}}
OBJECTS: dict[str, dict[str, Any]] = {
    "pods": POD,
    "podtemplates": {"template": POD},
    "cronjobs": {"spec": {"jobTemplate": {"spec": {"template": POD}}}},
    "namespaces": {"metadata": {"name": "shop"}},
    "widgets": {},
    "serviceaccounts": {"metadata": {"name": "cart"}},
}
TEMPLATE = {"spec": {"template": POD}}


@dataclass
class World:
    """A cluster with the one namespace ``shop``; a text is what reading ends in instead."""

    labels: Mapping[str, str] = field(default_factory=dict)
    pods: Sequence[Pod] | Excerpt = ()
    lookup: str = ""
    listing: str = ""
    asked: list[str] = field(default_factory=list)
    deadlines: list[float] = field(default_factory=list)
    lookup_deadlines: list[float | None] = field(default_factory=list)

    def labels_of(self, namespace: str, deadline: float | None = None) -> Mapping[str, str]:
        self.asked.append(namespace)
        self.lookup_deadlines.append(deadline)
        if self.lookup:
            raise LookupFailed(self.lookup)
        if namespace != "shop":
            raise NamespaceNotFound(namespace)
        return self.labels

    def pods_in(self, namespace: str, deadline: float) -> Iterable[Pod]:
        self.asked.append(namespace)
        self.deadlines.append(deadline)
        if self.listing:
            raise PodListFailed(self.listing)
        return self.pods


def labels(short: Mapping[str, str]) -> dict[str, str]:
    """Labels by the short names of ours: ``enforce`` for ``pod-security.kubernetes.io/enforce``."""
    return {
        PREFIX + name if name.split("-")[0] in {"enforce", "audit", "warn"} else name: text
        for name, text in short.items()
    }


def world_of(case: Case) -> World:
    """The cluster of *case*."""
    return World(
        labels(case.get("labels", {})),
        [pod_from(each) for each in case.get("pods", ())],
        case.get("lookup", ""),
        case.get("list", ""),
    )


def configuration_of(case: Case) -> Case | None:
    """The PodSecurityConfiguration of *case*, if it has one."""
    if "configuration" not in case:
        return None
    head = {"apiVersion": "pod-security.admission.config.k8s.io/v1", "kind": "PodSecurityConfiguration"}
    return {**head, **case["configuration"]}


def settings_in(case: Case) -> Settings:
    """The settings of *case*."""
    configuration = configuration_of(case)
    settings = settings_of(configuration) if configuration else DEFAULTS
    assert isinstance(settings, Settings)
    return settings


def request_of(changes: Mapping[str, Any]) -> Case:
    """A plain request to create an object, with *changes*; objects in them are merged into the plain ones."""
    resource = changes.get("resource", "pods")
    # Pods as the metrics API has them: of the same name, and no pods.
    group, kind = ("metrics.k8s.io", "PodMetrics") if resource == "metrics" else KINDS[resource]
    resource = "pods" if resource == "metrics" else resource
    request = {
        "uid": UID,
        "kind": {"group": group, "version": "v1", "kind": kind},
        "resource": {"group": group, "version": "v1", "resource": resource},
        "name": "shop" if resource == "namespaces" else "cart",
        "namespace": "shop",
        "operation": "CREATE",
        "userInfo": {"username": "alice", "groups": ["system:authenticated"]},
        "oldObject": None,
        "dryRun": False,
        "options": {"apiVersion": "meta.k8s.io/v1", "kind": "CreateOptions"},
        **{name: value for name, value in changes.items() if name not in {"resource", "object", "oldObject"}},
    }
    api_version = f"{group}/v1" if group else "v1"
    plain = {"apiVersion": api_version, "kind": kind, **OBJECTS.get(resource, TEMPLATE)}
    request["object"] = _merged(plain, changes.get("object", {}))
    if "oldObject" in changes:
        request["oldObject"] = _merged(plain, changes["oldObject"])
    return request


def body_of(request: object) -> bytes:
    """The AdmissionReview that holds *request*."""
    review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
    return msgspec.json.encode(review)


def _merged(plain: object, changes: object) -> object:
    if not (isinstance(plain, dict) and isinstance(changes, dict)):
        return changes
    if "labels" in changes:
        changes = {**changes, "labels": labels(changes["labels"])}
    return plain | {name: _merged(plain.get(name), value) for name, value in changes.items()}
