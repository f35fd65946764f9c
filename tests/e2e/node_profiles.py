"""What nodes hold, as their agents say it: the definition of the objects, and objects in great number."""

from typing import Any, Final

from tests.e2e.api import MERGE_PATCH, Answer, Api, Manifest
from tests.e2e.processes import wait_for
from webhook.nodes.report import NodeReport
from webhook.nodes.wire import GROUP, KIND, PLURAL, VERSION, status_of

PATH: Final = f"apis/{GROUP}/{VERSION}/{PLURAL}"
_REDUCED: Final = {"Accept": "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"}
_AT_ONCE: Final = 8


def definition() -> Manifest:
    """The CustomResourceDefinition, as much of it as the API server needs."""
    schema = {
        "type": "object",
        "properties": {"status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
    }
    version = {
        "name": VERSION,
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "schema": {"openAPIV3Schema": schema},
    }
    names = {"kind": KIND, "listKind": f"{KIND}List", "plural": PLURAL, "singular": PLURAL}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{PLURAL}.{GROUP}"},
        "spec": {"group": GROUP, "scope": "Cluster", "names": names, "versions": [version]},
    }


def define(api: Api) -> None:
    """Have the API server know the objects; returns when it does."""
    api.create(definition()).good()
    wait_for(lambda: api.ask("GET", PATH).code == 200, "NodeProfiles are served")


def undefine(api: Api) -> None:
    """Have the API server forget them, and all that there are."""
    api.delete(definition()).good()
    wait_for(lambda: api.ask("GET", PATH).code == 404, "NodeProfiles are no longer served")


def holds(api: Api, report: NodeReport) -> Answer:
    """Say what a node holds, as its agent does."""
    path = f"{PATH}/{report.node}"
    metadata: dict[str, Any] = {"name": report.node}
    body = {"apiVersion": f"{GROUP}/{VERSION}", "kind": KIND, "metadata": metadata}
    if api.ask("GET", path, headers=_REDUCED).code == 404:
        api.ask("POST", PATH, body, headers=_REDUCED).good()
    said = {**body, "status": status_of(report)}
    return api.ask("PATCH", f"{path}/status", said, headers={**_REDUCED, "Content-Type": MERGE_PATCH}).good()
