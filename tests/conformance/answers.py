"""What we answer to a request, and count, in the shape in which the oracle says it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from webhook.admission import Decision, LookupFailed, NamespaceNotFound, PodListFailed, review
from webhook.config import DEFAULTS, Settings, settings_of
from webhook.policy.pod import Pod, pod_from
from webhook.server.metrics import Metrics

Case = dict[str, Any]

_SAMPLE = re.compile(r"^(pod_security_\w+)\{(.*)\} ([1-9].*)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')


class World:
    """The namespaces of a case as a cluster."""

    def __init__(self, namespaces: Mapping[str, Any]) -> None:
        self._namespaces = namespaces

    def labels_of(self, namespace: str, _deadline: float | None = None) -> Mapping[str, str]:
        found = self._namespaces.get(namespace)
        if found is None:
            raise NamespaceNotFound(namespace)
        if cause := found.get("lookupFails"):
            raise LookupFailed(cause)
        return found.get("labels") or {}

    def pods_in(self, namespace: str, _deadline: float) -> Sequence[Pod]:
        found = self._namespaces.get(namespace) or {}
        if cause := found.get("listFails"):
            raise PodListFailed(cause)
        return [pod_from(each) for each in found.get("pods") or ()]


def ours(case: Case) -> dict[str, Any]:
    """Our response to the request of *case*, and what there is to count."""
    body = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": case["request"]}
    answer = review(
        msgspec.json.encode(body),
        settings=_settings(case["configuration"]),
        cluster=World(case["namespaces"]),
        clock=lambda: 0.0,
    )
    return {"response": msgspec.json.decode(answer.body)["response"], "metrics": counted(answer.decision)}


def counted(decision: Decision) -> list[dict[str, Any]]:
    """The counters that *decision* moves, in the order of their names and labels."""
    metrics = Metrics()
    metrics.record(decision)
    _, text = metrics.exposition()
    moved = [
        {"name": name, "labels": dict(_LABEL.findall(labels)), "value": float(value)}
        for name, labels, value in _SAMPLE.findall(text.decode())
    ]
    return sorted(moved, key=lambda each: (each["name"], sorted(each["labels"].items())))


def _settings(configuration: Any) -> Settings:  # noqa: ANN401 - JSON
    if configuration is None:
        return DEFAULTS
    settings = settings_of(configuration)
    assert isinstance(settings, Settings)
    return settings
