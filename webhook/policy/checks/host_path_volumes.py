"""A hostPath volume puts a part of the node's file system into the pod."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

RULE = Rule(
    words="{volumes}", must="replaced by another kind of volume, such as emptyDir or persistentVolumeClaim"
)


def host_paths(pod: Pod) -> Iterator[Violation]:
    """Every volume with a hostPath source."""
    for volume in pod.spec.volumes or ():
        if volume.host_path is not None:
            yield Violation(RULE, volume, ("hostPath",))


CHECK = Check(
    id="hostPathVolumes",
    level=Level.BASELINE,
    reason="hostPath volumes",
    about=__doc__,
    fields={"spec.volumes[*].hostPath": ("unset",)},
    rules=(RULE,),
    revisions=(since("v1.0", host_paths),),
)
