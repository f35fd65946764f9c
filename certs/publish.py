"""Bundles in webhook configurations: read, and applied as the owner of that one field.

Source: Kubernetes documentation, "Server-Side Apply".
"""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from certs.api import APPLY, Api, Unanswered
from certs.configurations import MANAGER, Configuration, Kind, Published, application, published
from certs.places import Conflict

GROUP: Final = "/apis/admissionregistration.k8s.io/v1"
RESOURCES: Final = {
    Kind.VALIDATING: "validatingwebhookconfigurations",
    Kind.MUTATING: "mutatingwebhookconfigurations",
}


class Publisher:
    """The webhook configurations of a cluster."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def read(self, configuration: Configuration) -> Published | None:
        """What *configuration* says; None where it is not there. Raises Unanswered."""
        resource = RESOURCES[configuration.kind]
        try:
            document = self._api.ask(
                "GET", f"{GROUP}/{resource}/{configuration.name}", f"get {resource} {configuration.name}"
            )
        except Unanswered as failure:
            if failure.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        return published(configuration, document)

    def put(self, read: Published, bundle: bytes) -> None:
        """Put *bundle* into every webhook of *read*. Raises Conflict where it changed since, Unanswered."""
        configuration = read.configuration
        resource = RESOURCES[configuration.kind]
        query = urlencode({"fieldManager": MANAGER, "force": "true"})
        try:
            self._api.ask(
                "PATCH",
                f"{GROUP}/{resource}/{configuration.name}?{query}",
                f"patch {resource} {configuration.name}",
                application(read, bundle),
                APPLY,
            )
        except Unanswered as failure:
            if failure.status in {HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}:
                raise Conflict(f"{configuration}: somebody else has changed it") from failure
            raise


class Nowhere:
    """No webhook configurations: where there is no cluster, and none is named."""

    def read(self, _configuration: Configuration) -> Published | None:
        """There is none."""
        return None

    def put(self, read: Published, _bundle: bytes) -> None:
        """Raise Conflict: what was read is not there."""
        raise Conflict(f"{read.configuration} is not there")
