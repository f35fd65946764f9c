"""What puts a violation right: for every field that a control reads, a value that is always allowed."""

from typing import Any

from tests.strategies.pods import Manifest, put
from webhook.policy.path import Path

ALLOWED: dict[tuple[str, ...], Any] = {
    ("appArmorProfile", "type"): "RuntimeDefault",
    ("seccompProfile", "type"): "Localhost",
    ("seLinuxOptions", "type"): "container_t",
    ("seLinuxOptions", "user"): "",
    ("seLinuxOptions", "role"): "",
    ("windowsOptions", "hostProcess"): False,
    ("runAsNonRoot",): True,
    ("runAsUser",): 1000,
    ("sysctls", "name"): "net.ipv4.tcp_syncookies",
    ("hostNetwork",): False,
    ("hostPID",): False,
    ("hostIPC",): False,
    ("privileged",): False,
    ("allowPrivilegeEscalation",): False,
    ("procMount",): "Default",
    ("capabilities", "add"): "NET_BIND_SERVICE",
    ("capabilities", "drop"): ["ALL"],
    ("ports", "hostPort"): 0,
    ("httpGet", "host"): "",
    ("tcpSocket", "host"): "",
}


def mend(manifest: Manifest, path: Path) -> None:
    """Give the field at *path* a value that is always allowed."""
    if path[:2] == ("spec", "volumes"):
        volume = manifest["spec"]["volumes"][path[2]]
        for source in path[3:]:
            del volume[source]
        volume["emptyDir"] = {}
    elif path[:2] == ("metadata", "annotations"):
        manifest["metadata"]["annotations"][path[2]] = "runtime/default"
    else:
        names = [step for step in path if isinstance(step, str)]
        put(
            manifest,
            path,
            next(value for field, value in ALLOWED.items() if names[-len(field) :] == list(field)),
        )
