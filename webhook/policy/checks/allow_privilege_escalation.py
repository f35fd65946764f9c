"""A process must not gain more rights than its parent, through set-user-id files and the like."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

FIELD = ("securityContext", "allowPrivilegeEscalation")
RULE = Rule(words="{containers} must set securityContext.allowPrivilegeEscalation=false", must="false")


def escalating(pod: Pod) -> Iterator[Violation]:
    """Every container that does not say false: unset means allowed."""
    for container, context in pod.contexts:
        if context.allow_privilege_escalation is not False:
            yield Violation(RULE, container, FIELD, context.allow_privilege_escalation)


def except_windows(pod: Pod) -> Iterator[Violation]:
    """Windows pods are exempt: the field is a feature of Linux."""
    return iter(()) if pod.is_windows else escalating(pod)


CHECK = Check(
    id="allowPrivilegeEscalation",
    level=Level.RESTRICTED,
    reason="allowPrivilegeEscalation != false",
    about=__doc__,
    fields={"spec.containers[*].securityContext.allowPrivilegeEscalation": ("false",)},
    rules=(RULE,),
    revisions=(since("v1.8", escalating), since("v1.25", except_windows)),
)
