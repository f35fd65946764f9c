"""How API servers are told of the webhook: as the reference webhook is registered, by a URL or a Service.

Source: k8s.io/pod-security-admission, webhook/manifests.
"""

import base64
from pathlib import Path
from typing import Any, Final

from tests.e2e.api import Api, Manifest

ENFORCING: Final = "pod-security-webhook.kubernetes.io"
ADVISORY: Final = f"advisory.{ENFORCING}"

_CONTROLLERS: Final = {
    "": ["podtemplates", "replicationcontrollers"],
    "apps": ["daemonsets", "deployments", "replicasets", "statefulsets"],
    "batch": ["cronjobs", "jobs"],
}


def registration(place: Manifest, authority: Path, *, policy: str = "Fail", timeout: int = 5) -> Manifest:
    """A ValidatingWebhookConfiguration; *policy* is what becomes of pods while the webhook is away.

    *place* is where it is: a ``url``, or a ``service``.
    """
    client = {**place, "caBundle": base64.b64encode(authority.read_bytes()).decode()}
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": ENFORCING},
        "webhooks": [
            _webhook(
                ENFORCING, client, policy, timeout, {"": ["namespaces", "pods", "pods/ephemeralcontainers"]}
            ),
            _webhook(ADVISORY, client, "Ignore", timeout, _CONTROLLERS),
        ],
    }


def register(api: Api, configuration: Manifest) -> None:
    """Register, or change what is registered; the API server takes it up within a second."""
    current = api.get(configuration)
    if current.code == 200:
        metadata = {
            **configuration["metadata"],
            "resourceVersion": current.body["metadata"]["resourceVersion"],
        }
        api.replace({**configuration, "metadata": metadata}).good()
    else:
        api.create(configuration).good()


def _webhook(
    name: str, client: Manifest, policy: str, timeout: int, resources: dict[str, list[str]]
) -> dict[str, Any]:
    return {
        "name": name,
        "failurePolicy": policy,
        "namespaceSelector": {
            "matchExpressions": [
                {
                    "key": "kubernetes.io/metadata.name",
                    "operator": "NotIn",
                    "values": ["seccomp-webhook"],
                }
            ]
        },
        "rules": [
            {
                "apiGroups": [group],
                "apiVersions": ["v1"],
                "operations": ["CREATE", "UPDATE"],
                "resources": names,
            }
            for group, names in resources.items()
        ],
        "clientConfig": client,
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "timeoutSeconds": timeout,
    }
