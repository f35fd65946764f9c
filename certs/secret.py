"""A Secret as a place for files, changed only by who knows what it holds.

Source: Kubernetes API reference, Secret v1; "Kubernetes API Concepts", section "Resource versions".
"""

import base64
import binascii
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from certs.api import Api, Unanswered
from certs.places import Conflict, Refused, Stored

_VERSION: Final = "resourceVersion"


class Secret:
    """The keys *files* of the Secret *name* in *namespace*; what else is in it stays."""

    def __init__(self, api: Api, namespace: str, name: str, files: tuple[str, ...]) -> None:
        self._api = api
        self._namespace = namespace
        self._name = name
        self._files = files
        self._all = f"/api/v1/namespaces/{namespace}/secrets"
        self._found: dict[str, Any] = {}

    def __str__(self) -> str:
        return f"Secret {self._namespace}/{self._name}"

    def load(self) -> Stored:
        """The data of the Secret; none where it is not there. Raises Failure, Refused."""
        try:
            found = self._api.ask("GET", f"{self._all}/{self._name}", f"get {self._words}")
        except Unanswered as failure:
            if failure.status != HTTPStatus.NOT_FOUND:
                raise
            self._found = {}
            return Stored({}, "")
        self._found = found
        try:
            files = {
                name: base64.b64decode(text, validate=True)
                for name, text in (found.get("data") or {}).items()
                if name in self._files
            }
        except (binascii.Error, ValueError) as error:
            raise Refused(f"{self}: its data is not base64") from error
        return Stored(files, found["metadata"][_VERSION])

    def save(self, files: Mapping[str, bytes], version: str) -> None:
        """Keep *files* in place of what was in *version*. Raises Conflict, Failure."""
        data = {name: base64.b64encode(content).decode() for name, content in files.items()}
        try:
            if not version:
                metadata = {"name": self._name, "namespace": self._namespace}
                body = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data}
                self._api.ask("POST", self._all, f"create {self._words}", body)
                return
            metadata = {**self._found.get("metadata", {}), _VERSION: version}
            metadata.pop("managedFields", None)
            others = {
                name: text
                for name, text in (self._found.get("data") or {}).items()
                if name not in self._files
            }
            body = {**self._found, "metadata": metadata, "data": others | data}
            self._api.ask("PUT", f"{self._all}/{self._name}", f"update {self._words}", body)
        except Unanswered as failure:
            if failure.status in {HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}:
                raise Conflict(f"{self}: somebody else has changed it") from failure
            raise

    @property
    def _words(self) -> str:
        return f"secrets {self._name} in namespace {self._namespace}"
