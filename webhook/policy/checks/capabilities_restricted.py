"""Capabilities split the rights of root: every container must drop them all, and may ask for one back."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.checks.capabilities_baseline import CHECK as BASELINE
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

FIELD = ("securityContext", "capabilities")
DROP = Rule(words='{containers} must set securityContext.capabilities.drop=["ALL"]', must='["ALL"]')
ADD = Rule(
    words="{containers} must not include {values} in securityContext.capabilities.add",
    must="removed from the list, or NET_BIND_SERVICE",
)


def kept_or_added(pod: Pod) -> Iterator[Violation]:
    """Containers that do not drop ALL, and every added capability but NET_BIND_SERVICE."""
    for container, context in pod.contexts:
        capabilities = context.capabilities
        if capabilities is None:
            yield Violation(DROP, container, (*FIELD, "drop"))
            continue
        if not capabilities.drop or "ALL" not in capabilities.drop:
            yield Violation(DROP, container, (*FIELD, "drop"), capabilities.drop)
        if capabilities.add:
            for index, name in enumerate(capabilities.add):
                if name != "NET_BIND_SERVICE":
                    yield Violation(ADD, container, (*FIELD, "add", index), name or "")


def except_windows(pod: Pod) -> Iterator[Violation]:
    """Windows pods are exempt: capabilities are a feature of Linux."""
    return iter(()) if pod.is_windows else kept_or_added(pod)


CHECK = Check(
    id="capabilities_restricted",
    level=Level.RESTRICTED,
    reason="unrestricted capabilities",
    about=__doc__,
    fields={
        "spec.containers[*].securityContext.capabilities.drop": ("any list that has ALL",),
        "spec.containers[*].securityContext.capabilities.add": ("unset", "NET_BIND_SERVICE"),
    },
    rules=(DROP, ADD),
    revisions=(since("v1.22", kept_or_added), since("v1.25", except_windows)),
    overrides=(BASELINE.id,),
    names_every_rule=True,
)
