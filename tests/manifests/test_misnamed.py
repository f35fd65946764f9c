"""Objects that are nearly a workload."""

import pytest

from webhook.manifests.misnamed import misnamed
from webhook.policy.workload import KINDS


@pytest.mark.parametrize(
    ("api_version", "kind", "problem"),
    [
        ("apps/v1beta1", "Deployment",
         "apiVersion: a Deployment of apps/v1beta1 is not judged: write apps/v1"),
        ("extensions/v1beta1", "DaemonSet",
         "apiVersion: a DaemonSet of extensions/v1beta1 is not judged: write apps/v1"),
        ("batch/v1beta1", "CronJob", "apiVersion: a CronJob of batch/v1beta1 is not judged: write batch/v1"),
        ("v1", "Deployment", "apiVersion: a Deployment of v1 is not judged: write apps/v1"),
        ("apps/v1", "Pod", "apiVersion: a Pod of apps/v1 is not judged: write v1"),
        ("apps/v1", "Deploymnet", 'kind: unknown kind: did you mean "Deployment"?'),
        ("apps/v1", "Daemonset", 'kind: unknown kind: did you mean "DaemonSet"?'),
        ("batch/v1", "CronJobs", 'kind: unknown kind: did you mean "CronJob"?'),
        ("v1", "pod", 'kind: unknown kind: did you mean "Pod"?'),
    ],
)  # fmt: skip
def test_a_workload_under_another_name_is_told(api_version: str, kind: str, problem: str) -> None:
    assert str(misnamed(api_version, kind)) == problem


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        *KINDS,
        ("v1", "Service"),
        ("v1", "Node"),
        ("v1", "Config"),
        ("v1", "Status"),
        ("apps/v1", "ControllerRevision"),
        # Of OpenShift, from before its kinds had groups.
        ("v1", "Template"),
        ("v1", "DeploymentConfig"),
        ("apps.kruise.io/v1alpha1", "StatefulSet"),
        ("batch.volcano.sh/v1alpha1", "Job"),
        ("v1", "Pods" * 20),
    ],
)
def test_other_kinds_are_nobodys_business(api_version: str, kind: str) -> None:
    assert misnamed(api_version, kind) is None
