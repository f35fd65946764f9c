"""A filter that the kernel does not take because of its length."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Place
from webhook.seccomp.sight import Sight

_MOST = 4096
_TEXTS = ("error loading seccomp filter into kernel", "seccomp (SECCOMP_SET_MODE_FILTER)")
"""How runc and crun say it."""

_RULES = ", ".join(
    '{"names": ["ioctl"], "action": "SCMP_ACT_ALLOW", "args": ['
    f'{{"index": 1, "value": {number}, "op": "SCMP_CMP_EQ"}}, '
    f'{{"index": 2, "value": {number}, "op": "SCMP_CMP_EQ"}}]}}'
    for number in range(1, 501)
)
_ARCHITECTURES = '["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]'
_EXAMPLE = f'{{"defaultAction": "SCMP_ACT_ERRNO", "architectures": {_ARCHITECTURES}, "syscalls": [{_RULES}]}}'


def look(sight: Sight) -> Iterator[Found]:
    """A filter whose estimated length is above the kernel's limit."""
    if sight.refusal is not None and sight.refusal.problem.startswith(_TEXTS):
        yield Found(
            Place(0, "syscalls"), f"the kernel takes {_MOST:,} instructions, and these rules make more"
        )


LINT = Lint(
    id="too-many-instructions",
    severity=Severity.ERROR,
    title="The filter is longer than the kernel takes.",
    why="A filter has at most 4,096 instructions. Conditions cost most of them: 4,200 rules with one, or "
    "800 with two 64-bit arguments. The container does not start (`error loading seccomp filter: "
    "invalid argument`).",
    advice="Take architectures out, or merge values of an argument into ranges and masks.",
    source="Linux, BPF_MAXINSNS; seccomp(2), EINVAL; measured with runc and crun",
    example=_EXAMPLE,
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
