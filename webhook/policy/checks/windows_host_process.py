"""A Windows HostProcess container runs on the node itself, with its rights."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

FIELD = ("securityContext", "windowsOptions", "hostProcess")
POD_FIELD = ("spec", *FIELD)
RULE = Rule(
    words="{setters} must not set securityContext.windowsOptions.hostProcess=true", must="false or unset"
)


def host_processes(pod: Pod) -> Iterator[Violation]:
    """The pod and every container that ask to run as a process of the node."""
    for node, context in pod.setters:
        options = context.windows_options
        if options is not None and options.host_process:
            yield Violation(RULE, node, FIELD if node else POD_FIELD, options.host_process)


CHECK = Check(
    id="windowsHostProcess",
    level=Level.BASELINE,
    reason="hostProcess",
    about=__doc__,
    fields={
        "spec.securityContext.windowsOptions.hostProcess": ("unset", "false"),
        "spec.containers[*].securityContext.windowsOptions.hostProcess": ("unset", "false"),
    },
    rules=(RULE,),
    revisions=(since("v1.0", host_processes),),
)
