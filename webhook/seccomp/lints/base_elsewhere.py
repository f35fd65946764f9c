"""A profile whose rules are partly in another one."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Lost
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """The name of another profile, which the operator adds."""
    for remark in sight.profile.remarks:
        if remark.lost is Lost.ELSEWHERE:
            yield Found(remark.place, f'what "{remark.key}" adds is not looked at here: it stands elsewhere')


LINT = Lint(
    id="base-elsewhere",
    severity=Severity.NOTE,
    title="The operator adds the rules of another profile, which are not in this file.",
    why="With `baseProfileName` the file on the node is the union of both profiles. What is found here, "
    "and what is not, is about this part alone.",
    advice="Judge the file on the node, /var/lib/kubelet/seccomp/operator/NAME.json.",
    source="security-profiles-operator 1.0, installation and usage, Base syscalls for a container runtime",
    example="""{
  "apiVersion": "security-profiles-operator.x-k8s.io/v1beta1",
  "kind": "SeccompProfile",
  "metadata": {"name": "cart"},
  "spec": {
    "defaultAction": "SCMP_ACT_ERRNO",
    "baseProfileName": "runc-v1.3",
    "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
  }
}""",
    clean="""{
  "apiVersion": "security-profiles-operator.x-k8s.io/v1beta1",
  "kind": "SeccompProfile",
  "metadata": {"name": "cart"},
  "spec": {
    "defaultAction": "SCMP_ACT_ERRNO",
    "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
  }
}""",
    look=look,
)
