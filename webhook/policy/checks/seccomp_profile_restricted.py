"""Every container must run under a seccomp profile: the runtime's default, or one of the node's own."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.checks.seccomp_profile_baseline import ALLOWED, FIELD, FORBIDDEN, POD_FIELD
from webhook.policy.checks.seccomp_profile_baseline import CHECK as BASELINE
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

REQUIRED = Rule(
    words="pod or {containers} must set securityContext.seccompProfile.type "
    'to "RuntimeDefault" or "Localhost"',
    must='"RuntimeDefault" or "Localhost", here or in spec.securityContext of the pod',
)


def unfiltered(pod: Pod) -> Iterator[Violation]:
    """A container without a profile inherits the pod's; a bad profile of the pod is none."""
    inherited = pod.context.seccomp_profile
    is_inherited = inherited is not None and inherited.type in ALLOWED
    if inherited is not None and not is_inherited:
        yield Violation(FORBIDDEN, None, POD_FIELD, inherited.type or "")
    for container, context in pod.contexts:
        own = context.seccomp_profile
        if own is None:
            if not is_inherited:
                yield Violation(REQUIRED, container, FIELD)
        elif own.type not in ALLOWED:
            yield Violation(FORBIDDEN, container, FIELD, own.type or "")


def except_windows(pod: Pod) -> Iterator[Violation]:
    """Windows pods are exempt: seccomp is a feature of Linux."""
    return iter(()) if pod.is_windows else unfiltered(pod)


CHECK = Check(
    id="seccompProfile_restricted",
    level=Level.RESTRICTED,
    reason="seccompProfile",
    about=__doc__,
    fields={
        "spec.securityContext.seccompProfile.type": ("profile unset", *ALLOWED),
        "spec.containers[*].securityContext.seccompProfile.type": (
            "profile unset where the pod has one",
            *ALLOWED,
        ),
    },
    rules=(FORBIDDEN, REQUIRED),
    revisions=(since("v1.19", unfiltered), since("v1.25", except_windows)),
    overrides=(BASELINE.id,),
)
