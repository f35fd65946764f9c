"""The webhook's registration in the API server: asked for one time, to end it or to try it.

Source: Kubernetes API reference, ValidatingWebhookConfiguration and MutatingWebhookConfiguration v1;
"Dynamic Admission Control" for what the API server says of a webhook that refuses, or cannot be called.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from webhook.cluster.access import Access
from webhook.cluster.exchange import Ask, asked, good

RESOURCES: Final = {
    "ValidatingWebhookConfiguration": "validatingwebhookconfigurations",
    "MutatingWebhookConfiguration": "mutatingwebhookconfigurations",
}
_GROUP: Final = "/apis/admissionregistration.k8s.io/v1"
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)

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


def is_a_configuration(kind: str, name: str) -> bool:
    """Whether there can be such a webhook configuration."""
    return kind in RESOURCES and _NAME.fullmatch(name) is not None


def remove(access: Access, kind: str, name: str) -> bool:
    """Delete a webhook configuration; returns whether it was there. Raises Failure."""
    ask = Ask(f"delete {RESOURCES[kind]}", "DELETE", f"{_GROUP}/{RESOURCES[kind]}/{name}")
    reply = asked(access, ask)
    if reply.code == HTTPStatus.NOT_FOUND:
        return False
    good(ask, reply)
    return True


def tried(access: Access, namespace: str) -> Trial:
    """What becomes of a change to *namespace* that the webhook must refuse; a dry run, nothing is changed.

    Raises Failure where the API server does not answer that, and NotRegistered.
    """
    ask = _labelling(namespace, _NO_LEVEL)
    bad = asked(access, ask)
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
        good(ask, bad)
    harmless = _labelling(namespace, _HARMLESS)
    good(harmless, asked(access, harmless))
    return Trial.BUILT_IN


def _labelling(namespace: str, labels: Mapping[str, str]) -> Ask:
    path = f"/api/v1/namespaces/{namespace}?dryRun=All&fieldManager=seccomp-webhook-test"
    return Ask("patch namespaces", "PATCH", path, {"metadata": {"labels": labels}})
