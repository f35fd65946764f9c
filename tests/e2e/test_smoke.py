"""The webhook in a real admission chain: a pod is refused in our words."""

from tests.e2e.api import Manifest
from tests.e2e.cluster import WebhookCluster
from tests.e2e.registration import ENFORCING


def namespace(name: str, **labels: str) -> Manifest:
    marked = {f"pod-security.kubernetes.io/{key}": value for key, value in labels.items()}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": marked}}


def test_a_pod_is_refused_in_the_words_of_the_standard(cluster: WebhookCluster) -> None:
    cluster.admin.create(namespace("smoke", enforce="baseline")).good()
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "shell", "namespace": "smoke"},
        "spec": {"hostPID": True, "containers": [{"name": "shell", "image": "shell"}]},
    }
    refused = cluster.admin.create(pod)
    assert (refused.code, refused.body["reason"]) == (403, "Forbidden")
    assert refused.message == (
        f'admission webhook "{ENFORCING}" denied the request: pods "shell" is forbidden: '
        'violates PodSecurity "baseline:latest": host namespaces (hostPID=true)'
    )
    pod["spec"] = {"containers": [{"name": "shell", "image": "shell"}]}
    cluster.admin.create(pod).good()
