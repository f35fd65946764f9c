"""What the object SeccompProfile of the security-profiles-operator may say.

Source: security-profiles-operator 1.0, ``deploy/base-crds/crds/seccompprofile.yaml``; v1 and v1beta1 are
equal here.
"""

import re
from typing import Final

GROUP: Final = "security-profiles-operator.x-k8s.io"
VERSIONS: Final = ("v1", "v1beta1")
KIND: Final = "SeccompProfile"

ACTIONS: Final = tuple(
    f"SCMP_ACT_{name}"
    for name in ("KILL", "KILL_PROCESS", "KILL_THREAD", "TRAP", "ERRNO", "TRACE", "ALLOW", "LOG", "NOTIFY")
)
OPERATORS: Final = tuple(f"SCMP_CMP_{name}" for name in ("NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ"))
ARCHITECTURES: Final = tuple(
    f"SCMP_ARCH_{name}"
    for name in (
        "NATIVE", "X86", "X86_64", "X32", "ARM", "AARCH64", "MIPS", "MIPS64", "MIPS64N32", "MIPSEL",
        "MIPSEL64", "MIPSEL64N32", "PPC", "PPC64", "PPC64LE", "S390", "S390X", "PARISC", "PARISC64",
        "RISCV64",
    )
)  # fmt: skip
FLAGS: Final = tuple(
    f"SECCOMP_FILTER_FLAG_{name}" for name in ("TSYNC", "LOG", "SPEC_ALLOW", "WAIT_KILLABLE_RECV")
)
STATES: Final = ("Enabled", "Disabled")
LISTENER_PATH: Final = r"^/var/run/security-profiles-operator/[a-zA-Z0-9_\-\.]+$"
MAX_ARGUMENTS: Final = 6
MAX_INT32: Final = (1 << 31) - 1
MAX_INT64: Final = (1 << 63) - 1

TOP_KEYS: Final = frozenset({"apiVersion", "kind", "metadata", "spec", "status"})
SPEC_KEYS: Final = frozenset(
    {
        "state", "baseProfileName", "defaultAction", "architectures", "listenerPath", "listenerMetadata",
        "syscalls", "flags",
    }
)  # fmt: skip
RULE_KEYS: Final = frozenset({"names", "action", "errnoRet", "args"})
ARGUMENT_KEYS: Final = frozenset({"index", "value", "valueTwo", "op"})


def is_listener_path(text: str) -> bool:
    """Whether *text* may be the path of the listener."""
    return re.fullmatch(LISTENER_PATH, text) is not None and not text.endswith("\n")
