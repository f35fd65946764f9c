import base64
from typing import Any

from certs.configurations import MANAGER, Configuration, Kind, application, published

OURS = Configuration(Kind.VALIDATING, "checks")


def owner(manager: str, *webhooks: str) -> dict[str, Any]:
    fields = {f'k:{{"name":"{each}"}}': {"f:clientConfig": {"f:caBundle": {}}} for each in webhooks}
    return {"manager": manager, "operation": "Apply", "fieldsV1": {"f:webhooks": fields}}


DOCUMENT = {
    "metadata": {"resourceVersion": "7", "managedFields": [owner("helm", "b"), owner(MANAGER, "a")]},
    "webhooks": [
        {"name": "a", "clientConfig": {"url": "https://a", "caBundle": base64.b64encode(b"one").decode()}},
        {"name": "b", "clientConfig": {"url": "https://b"}},
    ],
}


def test_each_webhook_has_its_bundle_or_none() -> None:
    found = published(OURS, DOCUMENT)

    assert found.bundles == {"a": b"one", "b": b""}
    assert found.out_of_sync(b"one") == ("b",)


def test_who_else_wrote_a_bundle_is_known_and_we_are_not_somebody_else() -> None:
    found = published(OURS, DOCUMENT)

    assert found.strangers(("a",)) == ""
    assert found.strangers(("a", "b")) == "helm (Apply)"


def test_nothing_is_applied_but_the_bundle_of_every_webhook_and_only_to_what_was_read() -> None:
    text = base64.b64encode(b"two").decode()

    assert application(published(OURS, DOCUMENT), b"two") == {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": "checks", "resourceVersion": "7"},
        "webhooks": [
            {"name": "a", "clientConfig": {"caBundle": text}},
            {"name": "b", "clientConfig": {"caBundle": text}},
        ],
    }


def test_a_configuration_without_webhooks_is_in_sync_with_everything() -> None:
    empty = published(OURS, {"metadata": {"resourceVersion": "1"}, "webhooks": None})

    assert empty.out_of_sync(b"one") == ()
