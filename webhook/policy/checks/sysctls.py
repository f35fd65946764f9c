"""Sysctls set kernel parameters: only those that stay within the pod are safe."""

from collections.abc import Callable, Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

SAFE_SINCE = {
    "v1.0": (
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
    ),
    "v1.27": ("net.ipv4.ip_local_reserved_ports",),
    "v1.29": (
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
    ),
    "v1.32": ("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"),
    "v1.37": ("net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"),
}
RULE = Rule(words="{in_order}", must="removed, or one of the sysctls that are safe at this version")


def _unless_safe_at(version: str) -> Callable[[Pod], Iterator[Violation]]:
    """The function of the revision that begins at *version*: what was safe before stays safe."""
    place = list(SAFE_SINCE).index(version) + 1
    safe = frozenset(name for names in list(SAFE_SINCE.values())[:place] for name in names)

    def unsafe_sysctls(pod: Pod) -> Iterator[Violation]:
        if pod.context.sysctls:
            for index, sysctl in enumerate(pod.context.sysctls):
                if (sysctl.name or "") not in safe:
                    field = ("spec", "securityContext", "sysctls", index, "name")
                    yield Violation(RULE, None, field, sysctl.name or "")

    unsafe_sysctls.__doc__ = f"Safe from here on: {', '.join(SAFE_SINCE[version])}."
    return unsafe_sysctls


CHECK = Check(
    id="sysctls",
    level=Level.BASELINE,
    reason="forbidden sysctls",
    about=__doc__,
    fields={
        "spec.securityContext.sysctls[*].name": tuple(name for names in SAFE_SINCE.values() for name in names)
    },
    rules=(RULE,),
    revisions=tuple(since(version, _unless_safe_at(version)) for version in SAFE_SINCE),
)
