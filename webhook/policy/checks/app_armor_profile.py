"""AppArmor profiles confine what a process may reach: a pod may choose one, but not switch it off."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

FIELD = ("securityContext", "appArmorProfile", "type")
POD_FIELD = ("spec", *FIELD)
ALLOWED = ("RuntimeDefault", "Localhost")
ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"
RULE = Rule(
    words="{setters} must not set AppArmor profile type to {values}",
    must='"RuntimeDefault" or "Localhost", or the whole profile unset '
    '(an annotation: "runtime/default" or "localhost/<profile>")',
)


def unconfined(pod: Pod) -> Iterator[Violation]:
    """Profiles of another type, and annotations, of any container, that name no profile."""
    for node, context in pod.setters:
        profile = context.app_armor_profile
        if profile is not None and profile.type not in ALLOWED:
            yield Violation(RULE, node, FIELD if node else POD_FIELD, profile.type or "")
    if pod.metadata.annotations:
        for key, value in pod.metadata.annotations.items():
            if key.startswith(ANNOTATION) and value and not _names_a_profile(value):
                yield Violation(RULE, None, ("metadata", "annotations", key), value)


def _names_a_profile(annotation: str) -> bool:
    return annotation == "runtime/default" or annotation.startswith("localhost/")


CHECK = Check(
    id="appArmorProfile",
    level=Level.BASELINE,
    reason="forbidden AppArmor profile{s}",
    about=__doc__,
    fields={
        "spec.securityContext.appArmorProfile.type": ("profile unset", *ALLOWED),
        "spec.containers[*].securityContext.appArmorProfile.type": ("profile unset", *ALLOWED),
        f"metadata.annotations[{ANNOTATION}*]": ("unset", '""', "runtime/default", "localhost/*"),
    },
    rules=(RULE,),
    revisions=(since("v1.0", unconfined),),
)
