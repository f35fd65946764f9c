"""A container may run as root unless it says otherwise: the kubelet then refuses an image that would."""

from collections.abc import Iterator

from webhook.mutation.default import PRIVILEGED, Default, LeftAlone, Put, Subject
from webhook.mutation.placing import placed
from webhook.policy.checks.run_as_non_root import CHECK, FIELD
from webhook.policy.core_v1 import ContainerSecurityContext

ROOT = "it runs as user 0"


def may_be_root(subject: Subject) -> Iterator[Put | LeftAlone]:
    """Containers that say nothing, where the pod says nothing either; in a user namespace root is nobody."""
    pod = subject.pod
    if pod.context.run_as_non_root is not None or pod.has_own_users:
        return
    inherited = pod.context.run_as_user

    def why_not(context: ContainerSecurityContext) -> str:
        if context.privileged:
            return PRIVILEGED
        user = inherited if context.run_as_user is None else context.run_as_user
        return ROOT if user == 0 else ""

    unset = [each for each in subject.containers if each[1].run_as_non_root is None]
    yield from placed(subject, (FIELD, True), unset, why_not=why_not)


DEFAULT = Default(
    id="runAsNonRoot",
    about=__doc__,
    fields={
        "spec.securityContext.runAsNonRoot": "true",
        "spec.containers[*].securityContext.runAsNonRoot": "true, where the pod's would reach a container "
        "that is left alone",
    },
    finds=may_be_root,
    cures=(CHECK.id,),
    left_alone=(
        "containers that run as user 0: the kubelet would not start them",
        "privileged containers: most of them are root",
        "pods in a user namespace of their own (hostUsers: false), without a warning: their root is nobody",
    ),
)
