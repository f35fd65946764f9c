"""A process could gain more rights than its parent, through set-user-id files: it no longer can."""

from collections.abc import Iterator

from webhook.mutation.default import PRIVILEGED, Default, LeftAlone, Put, Subject
from webhook.policy.checks.allow_privilege_escalation import CHECK, FIELD
from webhook.policy.core_v1 import ContainerSecurityContext

ADDS = "it adds capabilities"


def escalating(subject: Subject) -> Iterator[Put | LeftAlone]:
    """Containers that do not say whether a process may gain rights: unset means that it may."""
    for container, context in subject.containers:
        if context.allow_privilege_escalation is None and not subject.may_lack(container, FIELD):
            why = _why_not(context)
            yield LeftAlone(container, why) if why else Put(container, FIELD, False)  # noqa: FBT003 - the value put in


def _why_not(context: ContainerSecurityContext) -> str:
    if context.privileged:
        return PRIVILEGED
    # The API server refuses CAP_SYS_ADMIN beside false. Any other that is added reaches a process that is not
    # root through the capabilities of its file alone, which false switches off.
    return ADDS if context.capabilities is not None and context.capabilities.add else ""


DEFAULT = Default(
    id="allowPrivilegeEscalation",
    about=__doc__,
    fields={"spec.containers[*].securityContext.allowPrivilegeEscalation": "false"},
    finds=escalating,
    cures=(CHECK.id,),
    left_alone=(
        "privileged containers: the API server refuses the two together",
        "containers that add capabilities: a process that is not root gets them from its file, or never",
    ),
)
