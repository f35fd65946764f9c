"""A host port opens a port of the node itself, past network policies."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

RULE = Rule(words="{containers_use} hostPort{s} {list}", must="0 or unset; a Service reaches the pod instead")


def host_ports(pod: Pod) -> Iterator[Violation]:
    """Every port that is bound on the node."""
    for container, _ in pod.contexts:
        if container.ports:
            for index, port in enumerate(container.ports):
                if port.host_port:
                    yield Violation(RULE, container, ("ports", index, "hostPort"), port.host_port)


CHECK = Check(
    id="hostPorts",
    level=Level.BASELINE,
    reason="hostPort",
    about=__doc__,
    fields={"spec.containers[*].ports[*].hostPort": ("unset", "0")},
    rules=(RULE,),
    revisions=(since("v1.0", host_ports),),
)
