"""A seccomp profile filters the system calls of a process: a pod may choose one, but not switch it off."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

FIELD = ("securityContext", "seccompProfile", "type")
POD_FIELD = ("spec", *FIELD)
ALLOWED = ("RuntimeDefault", "Localhost")
ALLOWED_ANNOTATIONS = ("runtime/default", "docker/default")
POD_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod"
CONTAINER_ANNOTATION = "container.seccomp.security.alpha.kubernetes.io/"

ANNOTATED = Rule(
    words="forbidden annotation{s} {list}",
    must='"runtime/default", "docker/default", "localhost/<profile>", or the annotation unset',
)
FORBIDDEN = Rule(
    words="{setters} must not set securityContext.seccompProfile.type to {values}",
    must='"RuntimeDefault" or "Localhost"',
)


def in_annotations(pod: Pod) -> Iterator[Violation]:
    """Annotations of the pod, and of containers that exist, that name no profile; fields are not read."""
    keys = (POD_ANNOTATION, *(f"{CONTAINER_ANNOTATION}{each.name or ''}" for each, _ in pod.contexts))
    for key in dict.fromkeys(keys):
        if key in pod.annotations and not _names_a_profile(value := pod.annotations[key] or ""):
            yield Violation(ANNOTATED, None, ("metadata", "annotations", key), value)


def in_fields(pod: Pod) -> Iterator[Violation]:
    """Profiles of another type in the fields of the pod and its containers; annotations are not read."""
    for node, context in pod.setters:
        profile = context.seccomp_profile
        if profile is not None and profile.type not in ALLOWED:
            yield Violation(FORBIDDEN, node, FIELD if node else POD_FIELD, profile.type or "")


def _names_a_profile(annotation: str) -> bool:
    return annotation in ALLOWED_ANNOTATIONS or annotation.startswith("localhost/")


CHECK = Check(
    id="seccompProfile_baseline",
    level=Level.BASELINE,
    reason="seccompProfile",
    about=__doc__,
    fields={
        "spec.securityContext.seccompProfile.type": ("profile unset", *ALLOWED),
        "spec.containers[*].securityContext.seccompProfile.type": ("profile unset", *ALLOWED),
        f"metadata.annotations[{POD_ANNOTATION}]": ("unset", *ALLOWED_ANNOTATIONS, "localhost/*"),
        f"metadata.annotations[{CONTAINER_ANNOTATION}*]": ("unset", *ALLOWED_ANNOTATIONS, "localhost/*"),
    },
    rules=(ANNOTATED, FORBIDDEN),
    revisions=(since("v1.0", in_annotations), since("v1.19", in_fields)),
)
