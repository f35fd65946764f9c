"""The data file of a default profile: what it is taken from, and its rules with conditions."""

import json
from pathlib import Path
from typing import Any, Final

from tests.conformance.programs import Conversation
from tools.runtime_defaults.conditions import ARCHITECTURES, Asked, Inconsistent, conditional, rules_of
from tools.runtime_defaults.program import date_of
from tools.runtime_defaults.sources import Source

PLACE: Final = Path(__file__).parents[2] / "webhook" / "seccomp" / "data" / "runtime_defaults"
KERNELS: Final = [
    (major, minor)
    for major, last in ((3, 19), (4, 20), (5, 19), (6, 19), (7, 3))
    for minor in range(10 if major == 3 else 0, last + 1)  # noqa: PLR2004 - 3.10 is the oldest that is used
]
CAPABILITIES: Final = [
    f"CAP_{name}"
    for name in (
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
        "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK",
        "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN",
        "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE",
        "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND",
        "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    )
]  # fmt: skip
"""All of them. Source: capabilities(7)."""


def question(source: Source, capabilities: list[str], architecture: str, kernel: tuple[int, int]) -> Any:  # noqa: ANN401 - JSON
    """What the program is asked for one container; the architecture by Go's name."""
    return {
        "source": source.name,
        "capabilities": capabilities,
        "architecture": architecture,
        "kernel": kernel,
    }


def text(source: Source, runtimes: Conversation) -> str:
    """What the file of *source* must hold. Raises Unavailable, Inconsistent."""
    # Of most kernels nothing depends on the capabilities, so these are asked at the two ends only.
    asked = [
        Asked(capability, architecture, kernel)
        for architecture in ARCHITECTURES
        for kernel in KERNELS
        for capability in ((None, *CAPABILITIES) if kernel in (KERNELS[0], KERNELS[-1]) else (None,))
    ]
    answers = runtimes.ask(
        [question(source, [each.capability] if each.capability else [], each[1], each[2]) for each in asked]
    )
    heads = {json.dumps([each["defaultAction"], each.get("defaultErrnoRet")]) for each in answers}
    if len(heads) != 1:
        raise Inconsistent(f"the default action depends on something: {heads}")
    action, errno = json.loads(heads.pop())
    architectures = {
        ARCHITECTURES[each.architecture]: answer.get("architectures") or []
        for each, answer in zip(asked, answers, strict=True)
    }
    parts = (source.part, *source.also)
    head = {
        "reader": source.reader,
        "since": source.since,
        "sources": [f"{part.module}@{part.version}" for part in parts],
        "date": date_of(source.part),
        "license": "Apache-2.0",
        "default_action": action,
        "default_errno": errno,
        "architectures": architectures,
    }
    rules = conditional([(each, rules_of(answer)) for each, answer in zip(asked, answers, strict=True)])
    lines = ",\n".join(json.dumps(rule) for rule in rules)
    return json.dumps(head, indent=1)[:-2] + f',\n "rules": [\n{lines}\n]}}\n'
