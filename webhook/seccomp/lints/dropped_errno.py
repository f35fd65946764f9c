"""The errno as a name, where the reader knows only numbers: EPERM is returned instead."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Lost
from webhook.seccomp.sight import Sight, rule_at


def look(sight: Sight) -> Iterator[Found]:
    """Every name of an errno that is dropped, with no number beside it."""
    for remark in sight.profile.remarks:
        if remark.lost is not Lost.FOREIGN or remark.key not in {"errno", "defaultErrno"}:
            continue
        rule = rule_at(remark.place.path, sight.profile)
        if (rule.errno if rule else sight.profile.default_errno) is None:
            number = "defaultErrnoRet" if remark.key == "defaultErrno" else "errnoRet"
            yield Found(remark.place, f'"{remark.key}" is not read here; only the number in "{number}" is')


LINT = Lint(
    id="dropped-errno",
    severity=Severity.WARNING,
    title="The errno is given by name, which is not read: the call returns EPERM.",
    why="Programs that fall back to an older call do so on ENOSYS, not on EPERM: without the number "
    "clone3 fails for good, and threads cannot be made.",
    advice="Give the number beside the name: `errnoRet`: 38 for ENOSYS, 1 for EPERM.",
    source="containers-common, pkg/seccomp; OCI runtime specification, section Seccomp; measured with runc "
    "and crun",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errno": "ENOSYS"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]
}""",
    look=look,
    differences={"cri-o": "knows names"},
)
