from typing import Any

import pytest

from tests.nodes.reporting import report
from webhook.nodes.judgment import judge
from webhook.nodes.localhost_profiles import LocalhostProfiles
from webhook.nodes.single import snapshot_of_one
from webhook.policy.pod import pod_from
from webhook.policy.standard import Level


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"nodeName": "elsewhere"},
        {"nodeSelector": {"zone": "a"}},
        {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {}}}},
    ],
)
def test_wherever_a_pod_wants_to_run_it_runs_on_the_only_node(spec: dict[str, Any]) -> None:
    snapshot = snapshot_of_one(report("here", "good.json"))

    def findings(profile: str) -> int:
        context = {"seccompProfile": {"type": "Localhost", "localhostProfile": profile}}
        pod = pod_from({"spec": {"containers": [{"name": "web", "securityContext": context}], **spec}})
        return len(judge(pod, snapshot, LocalhostProfiles(), Level.PRIVILEGED).findings)

    assert (findings("good.json"), findings("bad.json")) == (0, 1)
