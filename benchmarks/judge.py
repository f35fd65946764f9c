"""Judging a profile of 400 calls beside the runtime's default, and the class of a file's bytes."""

import json

from benchmarks.timing import cpu_microseconds
from webhook.seccomp.dialects import DIALECT_OF, read
from webhook.seccomp.judge import class_of, default_filter, judge
from webhook.seccomp.syscalls import names
from webhook.seccomp.target import RUNTIMES, Target

CALLS = 400
ARCHITECTURES = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]


def profile() -> bytes:
    """A list of what is allowed: 400 calls, some with conditions on their arguments."""
    known = sorted({*names(ARCHITECTURES[0]), *names(ARCHITECTURES[1])})
    conditional = [
        {
            "names": [name],
            "action": "SCMP_ACT_ALLOW",
            "args": [{"index": at % 3, "op": op, "value": 40 + at, "valueTwo": 0}],
        }
        for name in ("socket", "personality", "clone", "ioctl", "prctl")
        for at, op in enumerate(("SCMP_CMP_LT", "SCMP_CMP_EQ", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"))
    ]
    free = [name for name in known if name not in {rule["names"][0] for rule in conditional}]
    rules = [{"names": free[: CALLS - 5], "action": "SCMP_ACT_ALLOW"}, *conditional]
    document = {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ARCHITECTURES, "syscalls": rules}
    return json.dumps(document).encode()


def main() -> None:
    document = profile()
    for runtime in RUNTIMES:
        target = Target(runtime)
        read_before = read(document, DIALECT_OF[runtime.reader])

        def judged_first(target: Target = target, given=read_before) -> None:  # noqa: ANN001 - a profile
            default_filter.cache_clear()
            judge(given, target)

        again = cpu_microseconds(lambda t=target, p=read_before: judge(p, t)) / 1000
        first = cpu_microseconds(judged_first) / 1000
        of_bytes = cpu_microseconds(lambda t=target: class_of(document, t)) / 1000
        found = judge(read_before, target)
        print(
            f"{runtime!s:16} {found.profile_class}, {len(found.opens)} opened: judged in {again:.1f} ms CPU,"
            f" the first of its target {first:.1f} ms; class of {len(document) // 1000} kB: {of_bytes:.1f} ms"
        )
