"""Webhook configurations, as far as certificates go: who is to be trusted in each of their webhooks. PURE.

Source: Kubernetes API reference, ValidatingWebhookConfiguration and MutatingWebhookConfiguration v1;
"Server-Side Apply", section "Field management".
"""

import base64
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

API_VERSION: Final = "admissionregistration.k8s.io/v1"
MANAGER: Final = "seccomp-webhook-certificates"
"""The name under which the API server knows which fields are ours."""


class Kind(StrEnum):
    """The two kinds of webhook configurations."""

    VALIDATING = "ValidatingWebhookConfiguration"
    MUTATING = "MutatingWebhookConfiguration"


class Configuration(NamedTuple):
    """A webhook configuration by kind and name; it need not be there."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


class Published(NamedTuple):
    """What a configuration says: a bundle for each webhook, and who wrote those that somebody wrote."""

    configuration: Configuration
    version: str
    bundles: Mapping[str, bytes]
    writers: Mapping[str, str]

    def out_of_sync(self, bundle: bytes) -> tuple[str, ...]:
        """The webhooks that do not have *bundle*."""
        return tuple(name for name, held in self.bundles.items() if held != bundle)

    def strangers(self, webhooks: tuple[str, ...]) -> str:
        """Who else wrote what *webhooks* have; empty where nobody did."""
        found = dict.fromkeys(self.writers[name] for name in webhooks if name in self.writers)
        return ", ".join(found)


def published(configuration: Configuration, document: Mapping[str, Any]) -> Published:
    """What the API server's *document* says."""
    webhooks: list[dict[str, Any]] = document.get("webhooks") or []
    clients = {each["name"]: each.get("clientConfig") or {} for each in webhooks}
    return Published(
        configuration,
        document["metadata"]["resourceVersion"],
        {name: base64.b64decode(client.get("caBundle") or "") for name, client in clients.items()},
        dict(_writers(document["metadata"].get("managedFields") or [])),
    )


def application(read: Published, bundle: bytes) -> dict[str, Any]:
    """What is applied so that every webhook of *read* trusts *bundle*, if nobody changed it since."""
    text = base64.b64encode(bundle).decode()
    return {
        "apiVersion": API_VERSION,
        "kind": str(read.configuration.kind),
        "metadata": {"name": read.configuration.name, "resourceVersion": read.version},
        "webhooks": [{"name": name, "clientConfig": {"caBundle": text}} for name in read.bundles],
    }


def _writers(managed: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The other managers that own the bundle of a webhook."""
    for entry in managed:
        if entry.get("manager") == MANAGER:
            continue
        webhooks = (entry.get("fieldsV1") or {}).get("f:webhooks") or {}
        for key, fields in webhooks.items():
            if key.startswith("k:") and "f:caBundle" in (fields.get("f:clientConfig") or {}):
                name = json.loads(key.removeprefix("k:")).get("name", "")
                yield name, f"{entry.get('manager', '?')} ({entry.get('operation', '?')})"
