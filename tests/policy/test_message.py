"""The words around the details."""

from webhook.policy import message
from webhook.policy.engine import evaluate
from webhook.policy.pod import pod_from
from webhook.policy.standard import LATEST, Level, Standard, Version

BASELINE = Standard(Level.BASELINE, LATEST)


def test_a_denial_names_the_standard_as_requested() -> None:
    standard = Standard(Level.BASELINE, Version(99))
    findings = evaluate(pod_from({"spec": {"hostPID": True, "hostNetwork": True}}), standard)

    assert message.violates(standard, findings) == (
        'violates PodSecurity "baseline:v1.99": host namespaces (hostNetwork=true, hostPID=true)'
    )


def test_several_reasons_are_joined_and_reasons_stand_alone_in_a_recheck() -> None:
    pod = pod_from({"spec": {"hostPID": True, "volumes": [{"name": "v", "hostPath": {}}]}})
    findings = evaluate(pod, BASELINE)

    assert message.would_violate(BASELINE, findings) == (
        'would violate PodSecurity "baseline:latest": '
        'host namespaces (hostPID=true), hostPath volumes (volume "v")'
    )
    assert message.forbidden_reasons(findings) == "host namespaces, hostPath volumes"


def test_an_empty_detail_has_no_parentheses() -> None:
    findings = evaluate(pod_from({"spec": {"securityContext": {"sysctls": [{}]}}}), BASELINE)

    assert message.forbidden_detail(findings) == "forbidden sysctls"
