"""The webhook's own access to the API server: its service account, with the rights that are shipped."""

from pathlib import Path
from typing import Any, Final

import yaml

from tests.e2e.api import Api, Manifest
from tests.e2e.binaries import ROOT

RBAC: Final = ROOT / "deploy" / "rbac.yaml"
_LIFETIME: Final = 30 * 24 * 3600


class Rights:
    """What the webhook may do: all that it was given at first, until some of it is taken away."""

    def __init__(self, api: Api) -> None:
        self._api = api
        shipped: dict[str, Manifest] = {
            each["kind"]: each for each in yaml.safe_load_all(RBAC.read_text()) if each
        }
        self._shipped = shipped
        self.account: dict[str, Any] = shipped["ServiceAccount"]["metadata"]

    def give(self) -> None:
        """Give all of it, again if need be."""
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.account["namespace"]}}
        if self._api.get(namespace).code == 404:
            self._api.create(namespace).good()
        for manifest in self._shipped.values():
            self._api.apply(manifest).good()

    def take_away(self, resource: str, *verbs: str) -> None:
        """Take away the right to do *verbs* with *resource*."""
        role = self._shipped["ClusterRole"]
        rules = [
            {**rule, "verbs": [verb for verb in rule["verbs"] if verb not in verbs]}
            if resource in rule["resources"]
            else rule
            for rule in role["rules"]
        ]
        self._api.apply({**role, "rules": [rule for rule in rules if rule["verbs"]]}).good()

    def token(self, place: Path) -> Path:
        """A file with a token of the service account."""
        path = "api/v1/namespaces/{namespace}/serviceaccounts/{name}/token".format_map(self.account)
        request = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"expirationSeconds": _LIFETIME},
        }
        place.write_text(self._api.ask("POST", path, request).good().body["status"]["token"])
        place.chmod(0o600)
        return place
