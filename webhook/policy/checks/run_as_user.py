"""Containers must not ask for the user id of root."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

FIELD = ("securityContext", "runAsUser")
POD_FIELD = ("spec", *FIELD)
RULE = Rule(words="{setters} must not set runAsUser=0", must="another user id than 0, or unset")


def root_user(pod: Pod) -> Iterator[Violation]:
    """The pod and every container that ask for user 0."""
    for node, context in pod.setters:
        if context.run_as_user == 0:
            yield Violation(RULE, node, FIELD if node else POD_FIELD, 0)


def except_user_namespaces(pod: Pod) -> Iterator[Violation]:
    """Pods with user ids of their own (hostUsers: false) are exempt: their root is nobody on the node."""
    return iter(()) if pod.has_own_users else root_user(pod)


CHECK = Check(
    id="runAsUser",
    level=Level.RESTRICTED,
    reason="runAsUser=0",
    about=__doc__,
    fields={
        "spec.securityContext.runAsUser": ("unset", "any number but 0"),
        "spec.containers[*].securityContext.runAsUser": ("unset", "any number but 0"),
    },
    rules=(RULE,),
    revisions=(since("v1.23", root_user), since("v1.35", except_user_namespaces)),
)
