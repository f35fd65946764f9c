"""Containers must say that they do not run as root, so that the kubelet refuses an image that would."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

FIELD = ("securityContext", "runAsNonRoot")
POD_FIELD = ("spec", *FIELD)
FORBIDDEN = Rule(words="{setters} must not set securityContext.runAsNonRoot=false", must="true")
REQUIRED = Rule(
    words="pod or {containers} must set securityContext.runAsNonRoot=true",
    must="true, here or in spec.securityContext of the pod",
)


def may_be_root(pod: Pod) -> Iterator[Violation]:
    """A container that says nothing inherits what the pod says."""
    inherited = pod.context.run_as_non_root
    if inherited is False:
        yield Violation(FORBIDDEN, None, POD_FIELD, inherited)
    for container, context in pod.contexts:
        own = context.run_as_non_root
        if own is None:
            if not inherited:
                yield Violation(REQUIRED, container, FIELD)
        elif not own:
            yield Violation(FORBIDDEN, container, FIELD, own)


def except_user_namespaces(pod: Pod) -> Iterator[Violation]:
    """Pods with user ids of their own (hostUsers: false) are exempt: their root is nobody on the node."""
    return iter(()) if pod.has_own_users else may_be_root(pod)


CHECK = Check(
    id="runAsNonRoot",
    level=Level.RESTRICTED,
    reason="runAsNonRoot != true",
    about=__doc__,
    fields={
        "spec.securityContext.runAsNonRoot": ("true", "unset where every container says true"),
        "spec.containers[*].securityContext.runAsNonRoot": ("true", "unset where the pod says true"),
    },
    rules=(FORBIDDEN, REQUIRED),
    revisions=(since("v1.0", may_be_root), since("v1.35", except_user_namespaces)),
)
