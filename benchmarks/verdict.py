"""What becomes of one system call, and what a profile loads: CPU of each."""

import json
from typing import Final

from benchmarks.timing import cpu_microseconds
from webhook.seccomp.architectures import X86_64
from webhook.seccomp.call import Call
from webhook.seccomp.dialects import Dialect, read
from webhook.seccomp.load import load
from webhook.seccomp.syscalls import names, number_of
from webhook.seccomp.target import Target
from webhook.seccomp.verdict import verdict

_CALLS: Final = 350
_PERSONALITIES: Final = (0, 8, 0x20000, 0x20008, 0xFFFFFFFF)


def document() -> bytes:
    """A profile of the size of a runtime's default: an allow-list, some of it by argument."""
    conditioned = [
        {
            "names": ["personality"],
            "action": "SCMP_ACT_ALLOW",
            "args": [{"index": 0, "value": value, "op": "SCMP_CMP_EQ"}],
        }
        for value in _PERSONALITIES
    ]
    plain = [name for name in sorted(names(X86_64)) if name != "personality"][:_CALLS]
    profile = {
        "defaultAction": "SCMP_ACT_ERRNO",
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        "syscalls": [{"names": plain, "action": "SCMP_ACT_ALLOW"}, *conditioned],
    }
    return json.dumps(profile).encode()


def main() -> None:
    target, profile = Target(), read(document(), Dialect.OCI)
    loaded = load(profile, target)
    plain, conditioned = number_of("read", X86_64), number_of("personality", X86_64)
    if plain is None or conditioned is None:
        raise LookupError("the table of system calls lacks some")
    for what, call in (
        ("without conditions", Call(X86_64, plain)),
        ("by the last of five conditions", Call(X86_64, conditioned, (0, 0, 0, 0, 0, 0))),
        ("of 32 bits", Call("SCMP_ARCH_X86", 136, (0, 0, 0, 0, 0, 0))),
    ):
        print(f"verdict, {what}: {cpu_microseconds(lambda call=call: verdict(loaded, call)):.2f} µs CPU")
    print(
        f"reading {_CALLS} calls: {cpu_microseconds(lambda: read(document(), Dialect.OCI)) / 1000:.1f} ms CPU"
    )
    milliseconds = cpu_microseconds(lambda: load(profile, target)) / 1000
    print(f"loading them for three architectures: {milliseconds:.1f} ms CPU")
