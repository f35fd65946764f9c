"""Privileged containers have every right on the node: their isolation is switched off."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

FIELD = ("securityContext", "privileged")
RULE = Rule(words="{containers} must not set securityContext.privileged=true", must="false or unset")


def privileged_containers(pod: Pod) -> Iterator[Violation]:
    """Every container that asks to be privileged."""
    for container, context in pod.contexts:
        if context.privileged:
            yield Violation(RULE, container, FIELD, context.privileged)


CHECK = Check(
    id="privileged",
    level=Level.BASELINE,
    reason="privileged",
    about=__doc__,
    fields={"spec.containers[*].securityContext.privileged": ("unset", "false")},
    rules=(RULE,),
    revisions=(since("v1.0", privileged_containers),),
)
