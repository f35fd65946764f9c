"""`name` instead of `names`, where the reader knows only `names`: a rule about nothing."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Lost
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """Every `name` that is dropped."""
    for remark in sight.profile.remarks:
        if remark.lost is Lost.FOREIGN and remark.key == "name":
            yield Found(remark.place, 'only "names" is read here: "name" is dropped, and the rule with it')


LINT = Lint(
    id="dropped-name",
    severity=Severity.ERROR,
    title="A rule names its call with `name`, which is not read.",
    why="`name` is Docker's old form. containerd reads `names` only: with runc the rule is gone, so a "
    "denial does not exist and an allowed call is refused.",
    advice='Write `"names": ["mount"]` for `"name": "mount"`: all runtimes read that.',
    source="OCI runtime specification, Linux Container Configuration, section Seccomp; measured with runc "
    "and crun",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"name": "mount", "action": "SCMP_ACT_ERRNO"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]
}""",
    look=look,
    differences={
        "runc": "starts without the rule",
        "crun": "does not start under containerd",
        "cri-o": "knows name",
        "docker": "knows name",
    },
)
