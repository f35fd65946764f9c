"""SELinux options choose a label: only types of containers are safe; user and role are the node's."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

FIELD = ("securityContext", "seLinuxOptions")
POD_FIELD = ("spec", *FIELD)
ALLOWED = ("container_t", "container_init_t", "container_kvm_t")
ALLOWED_SINCE_31 = (*ALLOWED, "container_engine_t")
RULE = Rule(
    words="{setters} set forbidden securityContext.seLinuxOptions: {faults}",
    must=f"unset (a type may also be one of {', '.join(ALLOWED_SINCE_31)}, the last since v1.31)",
)


def foreign_labels(pod: Pod) -> Iterator[Violation]:
    """Other types than those of containers, and any user or role."""
    return _foreign_labels(pod, ALLOWED)


def with_container_engine(pod: Pod) -> Iterator[Violation]:
    """container_engine_t is allowed too."""
    return _foreign_labels(pod, ALLOWED_SINCE_31)


def _foreign_labels(pod: Pod, allowed: tuple[str, ...]) -> Iterator[Violation]:
    for node, context in pod.setters:
        options = context.se_linux_options
        if options is None:
            continue
        field = FIELD if node else POD_FIELD
        if options.type and options.type not in allowed:
            yield Violation(RULE, node, (*field, "type"), options.type)
        if options.user:
            yield Violation(RULE, node, (*field, "user"), options.user)
        if options.role:
            yield Violation(RULE, node, (*field, "role"), options.role)


CHECK = Check(
    id="seLinuxOptions",
    level=Level.BASELINE,
    reason="seLinuxOptions",
    about=__doc__,
    fields={
        f"spec.{node}securityContext.seLinuxOptions.{option}": ("unset", '""', *values)
        for node in ("", "containers[*].")
        for option, values in (("type", ALLOWED_SINCE_31), ("user", ()), ("role", ()))
    },
    rules=(RULE,),
    revisions=(since("v1.0", foreign_labels), since("v1.31", with_container_engine)),
)
