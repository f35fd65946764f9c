"""The default /proc hides parts of the kernel; unmasked, a container can reach them."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

FIELD = ("securityContext", "procMount")
RULE = Rule(
    words="{containers} must not set securityContext.procMount to {values}", must='"Default" or unset'
)


def unmasked(pod: Pod) -> Iterator[Violation]:
    """Every container with another procMount than the default."""
    for container, context in pod.contexts:
        if context.proc_mount is not None and context.proc_mount != "Default":
            yield Violation(RULE, container, FIELD, context.proc_mount)


def except_user_namespaces(pod: Pod) -> Iterator[Violation]:
    """Pods in a user namespace of their own (hostUsers: false) are exempt."""
    return iter(()) if pod.has_own_users else unmasked(pod)


CHECK = Check(
    id="procMount",
    level=Level.BASELINE,
    reason="procMount",
    about=__doc__,
    fields={"spec.containers[*].securityContext.procMount": ("unset", "Default")},
    rules=(RULE,),
    revisions=(since("v1.0", unmasked), since("v1.35", except_user_namespaces)),
)
