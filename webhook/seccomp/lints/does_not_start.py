"""A profile with which the runtime does not start the container."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """What the runtime says to it."""
    if sight.refusal is not None:
        yield Found(sight.refusal.place, f"the container does not start: {sight.refusal.problem}")


LINT = Lint(
    id="does-not-start",
    severity=Severity.ERROR,
    title="The container does not start with this profile.",
    why="The reader or the runtime refuses it. The pod shows CreateContainerError or RunContainerError "
    "with this text, and the kubelet tries again for ever; init containers have run by then.",
    advice="Correct what the text names. Another runtime may accept the same file: see the runtimes of the "
    "finding.",
    source="measured with runc 1.3.6 and crun 1.28; containerd, CRI-O and moby, the readers of profiles",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "allow"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
    differences={
        "runc": "accepts unknown keys, empty name lists and errnos with ALLOW",
        "crun": "accepts empty names, and values that are no number",
        "cri-o": "refuses `name` beside `names`, and unknown names of an errno",
        "docker": "refuses `architectures` beside `archMap`",
    },
)
