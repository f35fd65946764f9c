"""What we answer to a request, and count, in the shape in which the oracle says it."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from webhook.admission import Decision, LookupFailed, NamespaceNotFound, PodListFailed, review
from webhook.config import DEFAULTS, Settings, settings_of
from webhook.policy.engine import NEWEST
from webhook.policy.pod import Pod, pod_from
from webhook.policy.standard import LATEST, Level, Standard

Case = dict[str, Any]


class World:
    """The namespaces of a case as a cluster."""

    def __init__(self, namespaces: Mapping[str, Any]) -> None:
        self._namespaces = namespaces

    def labels_of(self, namespace: str) -> Mapping[str, str]:
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
    request = {
        "request_operation": decision.operation.lower(),
        "resource": decision.metric_resource,
        "subresource": decision.subresource,
    }
    counters = [
        ("pod_security_errors_total", {"fatal": str(fatal).lower(), **request}) for fatal in decision.errors
    ]
    counters += [
        (
            "pod_security_evaluations_total",
            {
                "decision": evaluation.decision,
                "mode": evaluation.mode,
                "policy_level": str(evaluation.standard.level),
                "policy_version": _version_label(evaluation.standard),
                **request,
            },
        )
        for evaluation in decision.evaluations
    ]
    counters += [("pod_security_exemptions_total", request)] if decision.exempt else []
    counters.sort(key=lambda counter: (counter[0], sorted(counter[1].items())))
    return [{"name": name, "labels": labels, "value": 1} for name, labels in counters]


def _version_label(standard: Standard) -> str:
    if standard.version == LATEST or standard.level == Level.PRIVILEGED:
        return "latest"
    return str(standard.version) if standard.version <= NEWEST else "future"


def _settings(configuration: Any) -> Settings:  # noqa: ANN401 - JSON
    if configuration is None:
        return DEFAULTS
    settings = settings_of(configuration)
    assert isinstance(settings, Settings)
    return settings
