"""Another key that only other readers know."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Lost
from webhook.seccomp.sight import Sight

_TOLD_ELSEWHERE = {"archMap", "comment", "defaultErrno", "errno", "excludes", "includes", "minKernel", "name"}


def look(sight: Sight) -> Iterator[Found]:
    """Every other key of another dialect; comments have no effect anywhere."""
    for remark in sight.profile.remarks:
        if remark.lost is Lost.FOREIGN and remark.key not in _TOLD_ELSEWHERE:
            yield Found(remark.place, f'"{remark.key}" is not read here')


LINT = Lint(
    id="dropped-key",
    severity=Severity.WARNING,
    title="A key of another dialect is not read.",
    why="Docker's, Podman's and the plain OCI form differ. What a reader does not know, it drops without "
    "a word: the flags and the listener of OCI are lost to readers that do not have them.",
    advice="Write the profile in the dialect of the nodes' runtime: `profile convert`.",
    source="moby and containers-common, their types of a profile; OCI runtime specification, section Seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "listenerMetadata": "cart",
  "listenerPath": "/run/agent.sock",
  "flags": ["SECCOMP_FILTER_FLAG_LOG"],
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_NOTIFY"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
