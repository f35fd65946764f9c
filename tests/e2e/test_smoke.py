"""The webhook in a real admission chain: a pod is refused in our words."""

from tests.e2e.cluster import WebhookCluster
from tests.e2e.objects import bad_spec, namespace, plain_spec, pod
from tests.e2e.registration import ENFORCING


def test_a_pod_is_refused_in_the_words_of_the_standard(cluster: WebhookCluster) -> None:
    cluster.admin.create(namespace("smoke", enforce="baseline")).good()
    refused = cluster.admin.create(pod("shell", "smoke", bad_spec()))
    assert (refused.code, refused.body["reason"]) == (403, "Forbidden")
    assert refused.message == (
        f'admission webhook "{ENFORCING}" denied the request: pods "shell" is forbidden: '
        'violates PodSecurity "baseline:latest": host namespaces (hostPID=true)'
    )
    cluster.admin.create(pod("shell", "smoke", plain_spec())).good()
