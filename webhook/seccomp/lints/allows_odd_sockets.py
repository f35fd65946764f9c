"""Address families of sockets that containers do not need, and exploits do."""

from collections.abc import Iterator

from webhook.seccomp.architectures import ARCHITECTURES
from webhook.seccomp.call import Call
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import DEFAULT_ACTION, Sight, several
from webhook.seccomp.syscalls import number_of
from webhook.seccomp.verdict import verdict

_FAMILIES = {38: "AF_ALG (38)", 40: "AF_VSOCK (40)"}


def look(sight: Sight) -> Iterator[Found]:
    """Socket with such a family, where it reaches the kernel."""
    architecture = sight.target.architecture
    number = number_of("socket", architecture)
    if number is None or sight.loaded is None or not sight.restricts or architecture not in ARCHITECTURES:
        return
    by_line: dict[int | None, list[str]] = {}
    for family, name in _FAMILIES.items():
        answer = verdict(sight.loaded, Call(architecture, number, (family, 1, 0, 0, 0, 0)))
        if not answer.outcome.action.restricts:
            by_line.setdefault(answer.line, []).append(name)
    places = {fate.place.line: fate.place for fate in sight.fates("socket")}
    for line, families in by_line.items():
        yield Found(places.get(line or 0, DEFAULT_ACTION), f"socket is open for {several(families)}")


LINT = Lint(
    id="allows-odd-sockets",
    severity=Severity.WARNING,
    title="Sockets of the families AF_ALG or AF_VSOCK can be made.",
    why="AF_VSOCK talks to the hypervisor and to other containers past every network policy. AF_ALG "
    "opens the kernel's cryptography, with bugs that gave root (CVE-2026-31431).",
    advice="Allow socket for the families that are used: 1 (unix), 2 (IPv4), 10 (IPv6), 16 (netlink), each "
    "with SCMP_CMP_EQ.",
    source="vsock(7); Linux, Documentation/crypto/userspace-if.rst; moby, profiles/seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "socket"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    look=look,
)
