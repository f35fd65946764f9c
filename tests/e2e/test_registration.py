"""The registration tried and ended by command, before API servers with and without the built-in plugin."""

from pathlib import Path

import pytest

from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import need
from tests.e2e.control_plane import ControlPlane
from tests.e2e.processes import wait_for
from tests.e2e.registration import ENFORCING
from webhook.cluster import Access
from webhook.cluster.registration import NotRegistered, Trial, remove, tried

KIND = "ValidatingWebhookConfiguration"


def test_the_webhook_is_seen_to_refuse_until_its_registration_ends(cluster: WebhookCluster) -> None:
    access = Access.of_kubeconfig(str(cluster.plane.kubeconfig))

    assert tried(access, "default") is Trial.REFUSED
    assert remove(access, KIND, ENFORCING) is True
    assert remove(access, KIND, ENFORCING) is False

    def is_over() -> bool:
        try:
            return tried(access, "default") is not Trial.REFUSED
        except NotRegistered:
            return True

    wait_for(is_over, "the webhook is no longer asked")
    with pytest.raises(NotRegistered, match="not registered for it"):
        tried(access, "default")
    cluster.register()


def test_where_the_built_in_plugin_refuses_first_that_is_said(place: Path) -> None:
    need("etcd", "kube-apiserver")
    with ControlPlane(place / "built-in", pod_security=True) as plane:
        # The API server makes it, a moment after it is ready.
        access = Access.of_kubeconfig(str(plane.kubeconfig))
        namespace = {"kind": "Namespace", "metadata": {"name": "default"}}
        wait_for(lambda: plane.admin.get(namespace).code == 200, "there is a namespace")
        assert tried(access, "default") is Trial.BUILT_IN
