"""Docker's conditions on a rule, where the reader does not know them: the rule holds always."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Filter, Lost, Remark
from webhook.seccomp.sight import Sight, rule_at

_KEYS = ("includes", "excludes", "minKernel")


def look(sight: Sight) -> Iterator[Found]:
    """Every condition that is dropped."""
    for remark in sight.profile.remarks:
        if remark.lost is Lost.FOREIGN and remark.key in _KEYS and not _is_empty(remark, sight):
            yield Found(
                remark.place, f'"{remark.key}" is not read here: the rule holds without that condition'
            )


def _is_empty(remark: Remark, sight: Sight) -> bool:
    """Whether the condition is one that everything meets, such as ``"includes": {}``."""
    rule = rule_at(remark.place.path, sight.written) if sight.written else None
    if rule is None or remark.key == "minKernel":
        return False
    return Filter() == (rule.includes if remark.key == "includes" else rule.excludes)


LINT = Lint(
    id="dropped-condition",
    severity=Severity.ERROR,
    title="Docker's condition on a rule is not read, so the rule always holds.",
    why="containerd decodes profiles into the plain OCI form and drops `includes`, `excludes` and "
    "`minKernel`. Docker's own default profile then allows bpf, mount, setns and init_module to a "
    "container without capabilities.",
    advice="Convert the profile for the container's capabilities: `profile convert --to oci`.",
    source="OCI runtime specification, Linux Container Configuration, section Seccomp; moby, "
    "profiles/seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
    differences={
        "containerd": "drops all three",
        "cri-o": "knows includes and excludes, drops minKernel",
        "docker": "knows all three",
    },
)
