"""Capabilities split the rights of root: a container may add those a runtime gives by default, no more."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

FIELD = ("securityContext", "capabilities", "add")
ALLOWED = (
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
)
RULE = Rule(
    words="{containers} must not include {values} in securityContext.capabilities.add",
    must="removed from the list, or one of " + ", ".join(ALLOWED),
)


def non_default_capabilities(pod: Pod) -> Iterator[Violation]:
    """Every added capability that is not on the list, compared exactly."""
    for container, context in pod.contexts:
        capabilities = context.capabilities
        if capabilities is not None and capabilities.add:
            for index, name in enumerate(capabilities.add):
                if name not in ALLOWED:
                    yield Violation(RULE, container, (*FIELD, index), name or "")


CHECK = Check(
    id="capabilities_baseline",
    level=Level.BASELINE,
    reason="non-default capabilities",
    about=__doc__,
    fields={"spec.containers[*].securityContext.capabilities.add": ("unset", *ALLOWED)},
    rules=(RULE,),
    revisions=(since("v1.0", non_default_capabilities),),
)
