"""Sharing the node's namespaces shows a pod the node's network, processes and memory."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

RULE = Rule(words="{settings}", must="false or unset")


def shared_namespaces(pod: Pod) -> Iterator[Violation]:
    """Each namespace of the node that the pod asks for: network, process ids, IPC."""
    spec = pod.spec
    if spec.host_network:
        yield Violation(RULE, None, ("spec", "hostNetwork"), value=True)
    if spec.host_pid:
        yield Violation(RULE, None, ("spec", "hostPID"), value=True)
    if spec.host_ipc:
        yield Violation(RULE, None, ("spec", "hostIPC"), value=True)


CHECK = Check(
    id="hostNamespaces",
    level=Level.BASELINE,
    reason="host namespaces",
    about=__doc__,
    fields=dict.fromkeys(("spec.hostNetwork", "spec.hostPID", "spec.hostIPC"), ("unset", "false")),
    rules=(RULE,),
    revisions=(since("v1.0", shared_namespaces),),
)
