"""What an object of the operator says, and the file on the node does not."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Lost
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """Every key whose value the operator leaves out when it writes the file."""
    for remark in sight.profile.remarks:
        if remark.lost is Lost.OMITTED:
            yield Found(remark.place, f'"{remark.key}" is empty or 0, and the operator does not write it')


LINT = Lint(
    id="omitted-by-operator",
    severity=Severity.WARNING,
    title="The operator leaves out a value that is 0 or empty.",
    why="An `errnoRet` of 0 is not in the file that the operator writes: the call then returns EPERM. An "
    "empty list of `flags` is left out too, and the runtimes take their own flags.",
    advice="What is to return 0 cannot be said in such an object: install the profile as a file.",
    source="security-profiles-operator 1.0, api/seccompprofile: omitempty",
    example="""{
  "apiVersion": "security-profiles-operator.x-k8s.io/v1beta1",
  "kind": "SeccompProfile",
  "metadata": {"name": "cart"},
  "spec": {
    "defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [{"names": ["fsync"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0}]
  }
}""",
    clean="""{
  "apiVersion": "security-profiles-operator.x-k8s.io/v1beta1",
  "kind": "SeccompProfile",
  "metadata": {"name": "cart"},
  "spec": {
    "defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [{"names": ["fsync"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]
  }
}""",
    look=look,
)
