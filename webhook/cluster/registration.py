"""The webhook's registration in the API server: asked for one time, to end it or to try it.

Source: Kubernetes API reference, ValidatingWebhookConfiguration and MutatingWebhookConfiguration v1;
"Dynamic Admission Control" for what the API server says of a webhook that refuses, or cannot be called.
"""

import json
import re
from collections.abc import Mapping
from contextlib import closing
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import msgspec
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from webhook.cluster.access import Access, NoAccess
from webhook.cluster.failure import Failure, refused
from webhook.cluster.trouble import trouble

RESOURCES: Final = {
    "ValidatingWebhookConfiguration": "validatingwebhookconfigurations",
    "MutatingWebhookConfiguration": "mutatingwebhookconfigurations",
}
_GROUP: Final = "/apis/admissionregistration.k8s.io/v1"
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
_MERGE: Final = "application/merge-patch+json"
_LONGEST_CALL: Final = 15.0

_NO_LEVEL: Final = {"pod-security.kubernetes.io/enforce": "no-such-level"}
_HARMLESS: Final = {"seccomp-webhook.io/registration-test": "dry-run"}
_TOLD_AND_LET_IN: Final = "audit only, would be refused"


class Trial(StrEnum):
    """What a trial of the registration showed."""

    REFUSED = "the webhook refused what it must refuse"
    TOLD = "the webhook let in what it would refuse, and told so: it is audit-only"
    BUILT_IN = (
        "the built-in plugin refuses first, so that the webhook is not asked; "
        "a change that breaks nothing passes"
    )


class NotRegistered(Exception):
    """The API server does not ask the webhook, or cannot; the message says why."""


class _Reply(NamedTuple):
    code: int
    body: bytes
    warnings: tuple[str, ...]

    @property
    def message(self) -> str:
        """The words of the Status that the body is."""
        try:
            return str(json.loads(self.body).get("message", ""))
        except (ValueError, AttributeError):
            return self.body.decode("utf-8", "replace")


def is_a_configuration(kind: str, name: str) -> bool:
    """Whether there can be such a webhook configuration."""
    return kind in RESOURCES and _NAME.fullmatch(name) is not None


def remove(access: Access, kind: str, name: str) -> bool:
    """Delete a webhook configuration; returns whether it was there. Raises Failure."""
    wanted = f"delete {RESOURCES[kind]}"
    reply = _asked(access, wanted, "DELETE", f"{_GROUP}/{RESOURCES[kind]}/{name}", None)
    if reply.code == HTTPStatus.NOT_FOUND:
        return False
    return not _unless_good(wanted, reply)


def tried(access: Access, namespace: str) -> Trial:
    """What becomes of a change to *namespace* that the webhook must refuse; a dry run, nothing is changed.

    Raises Failure where the API server does not answer that, and NotRegistered.
    """
    wanted = "patch namespaces"
    bad = _labelled(access, wanted, namespace, _NO_LEVEL)
    if bad.code == HTTPStatus.OK:
        if any(_TOLD_AND_LET_IN in each for each in bad.warnings):
            return Trial.TOLD
        raise NotRegistered(
            f"the API server let in what the webhook must refuse, a change of namespace {namespace}: "
            "the webhook is not registered for it, or cannot be called and is registered with "
            "failurePolicy Ignore"
        )
    if "admission webhook " in bad.message and " denied the request" in bad.message:
        return Trial.REFUSED
    if bad.code != HTTPStatus.UNPROCESSABLE_ENTITY:
        _unless_good(wanted, bad)
    _unless_good(wanted, _labelled(access, wanted, namespace, _HARMLESS))
    return Trial.BUILT_IN


def _labelled(access: Access, wanted: str, namespace: str, labels: Mapping[str, str]) -> _Reply:
    path = f"/api/v1/namespaces/{namespace}?dryRun=All&fieldManager=seccomp-webhook-test"
    return _asked(access, wanted, "PATCH", path, {"metadata": {"labels": labels}})


def _asked(access: Access, wanted: str, method: str, path: str, body: Mapping[str, Any] | None) -> _Reply:
    try:
        connection = access.connection()
    except NoAccess as error:
        raise Failure(f"{wanted}: {error}") from error
    headers = {"Accept": "application/json", "Content-Type": _MERGE, **connection.headers}
    try:
        asked = connection.client.request(  # type: ignore[no-untyped-call]  # the client left it untyped
            method, connection.server + path, headers=headers, body=body, _request_timeout=_LONGEST_CALL
        )
        with closing(asked.response) as response:
            return _Reply(response.status, response.read(), tuple(response.headers.getlist("Warning")))
    except (HTTPError, ApiException, OSError) as error:
        raise Failure(f"{wanted}: {trouble(connection.server, error)}") from error


def _unless_good(wanted: str, reply: _Reply) -> bool:
    """False where *reply* is good. Raises Failure where not."""
    if reply.code < HTTPStatus.MULTIPLE_CHOICES:
        return False
    said = msgspec.json.encode({"message": reply.message})
    raise refused(wanted, reply.code, said)
