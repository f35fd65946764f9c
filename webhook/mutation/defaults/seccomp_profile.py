"""A container without a seccomp profile may make every system call: it gets the runtime's default profile."""

from collections.abc import Iterator

from webhook.mutation.default import PRIVILEGED, Default, LeftAlone, Put, Subject
from webhook.mutation.placing import placed
from webhook.policy.checks.seccomp_profile_baseline import (
    ALLOWED_ANNOTATIONS,
    CONTAINER_ANNOTATION,
    POD_ANNOTATION,
)
from webhook.policy.core_v1 import Container, ContainerSecurityContext

FIELD = ("securityContext", "seccompProfile")
VALUE = {"type": "RuntimeDefault"}
CONTRADICTED = "contradicted by its seccomp annotation"


def unfiltered(subject: Subject) -> Iterator[Put | LeftAlone]:
    """Containers without a profile of their own, where the pod has none either."""
    pod = subject.pod
    if pod.context.seccomp_profile is not None or subject.is_settled(None, FIELD):
        return
    unset = [
        each
        for each in subject.containers
        if each[1].seccomp_profile is None and not subject.is_settled(each[0], FIELD)
    ]

    def obstacle(node: Container | None) -> str:
        # Dead as they are, the API server refuses a new pod in which annotation and field differ.
        annotation = pod.annotations.get(annotation_key(node))
        return CONTRADICTED if subject.is_new and annotation not in (None, *ALLOWED_ANNOTATIONS) else ""

    yield from placed(subject, (FIELD, VALUE), unset, why_not=_why_not, obstacle=obstacle)


def annotation_key(node: Container | None) -> str:
    """The key of the seccomp annotation for a container, or for the pod."""
    return POD_ANNOTATION if node is None else f"{CONTAINER_ANNOTATION}{node.name or ''}"


def _why_not(context: ContainerSecurityContext) -> str:
    # Runtimes run a privileged container without a profile, whatever its fields say.
    return PRIVILEGED if context.privileged else ""


DEFAULT = Default(
    id="seccompProfile",
    about=__doc__,
    fields={
        "spec.securityContext.seccompProfile": "{type: RuntimeDefault}",
        "spec.containers[*].securityContext.seccompProfile": "{type: RuntimeDefault}, where the pod's would "
        "reach a container that is left alone",
    },
    finds=unfiltered,
    cures=("seccompProfile_restricted",),
    is_on=True,
    left_alone=(
        "privileged containers: runtimes give them no profile",
        "containers whose seccomp annotation differs: the API server would refuse the pod",
    ),
)
