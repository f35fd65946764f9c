"""A container has a dozen rights of root unless it drops them: it drops them all."""

from collections.abc import Iterator

from webhook.mutation.default import PRIVILEGED, Default, LeftAlone, Put, Subject
from webhook.mutation.defaults.allow_privilege_escalation import ADDS
from webhook.policy.checks.capabilities_restricted import CHECK
from webhook.policy.core_v1 import ContainerSecurityContext

FIELD = ("securityContext", "capabilities", "drop")
VALUE = ["ALL"]
_HARMLESS = {"NET_BIND_SERVICE"}


def kept(subject: Subject) -> Iterator[Put | LeftAlone]:
    """Containers that drop nothing; an empty list is none, as the API server sees it."""
    for container, context in subject.containers:
        is_open = context.capabilities is None or not context.capabilities.drop
        if is_open and not subject.may_lack(container, FIELD):
            why = _why_not(context)
            yield LeftAlone(container, why) if why else Put(container, FIELD, VALUE)


def _why_not(context: ContainerSecurityContext) -> str:
    if context.privileged:
        return PRIVILEGED
    # Who adds some has thought about the rest, and relies on it.
    added = context.capabilities.add if context.capabilities is not None else None
    return ADDS if added and not _HARMLESS.issuperset(added) else ""


DEFAULT = Default(
    id="capabilities",
    about=__doc__,
    fields={"spec.containers[*].securityContext.capabilities.drop": "[ALL]"},
    finds=kept,
    cures=(CHECK.id,),
    left_alone=(
        "privileged containers: they have every capability, whatever they drop",
        "containers that add others than NET_BIND_SERVICE: they rely on what they have",
    ),
)
