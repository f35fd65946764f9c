"""A container that leaves /proc masked says so: what fills in open fields later finds this one filled."""

from collections.abc import Iterator

from webhook.mutation.default import PRIVILEGED, Default, LeftAlone, Put, Subject
from webhook.policy.checks.proc_mount import FIELD


def unsaid(subject: Subject) -> Iterator[Put | LeftAlone]:
    """Containers that do not say how /proc is mounted: unset means Default already."""
    for container, context in subject.containers:
        if context.proc_mount is None:
            yield LeftAlone(container, PRIVILEGED) if context.privileged else Put(container, FIELD, "Default")


DEFAULT = Default(
    id="procMount",
    about=__doc__,
    fields={"spec.containers[*].securityContext.procMount": "Default"},
    finds=unsaid,
    left_alone=("privileged containers: runtimes mask nothing of their /proc",),
)
