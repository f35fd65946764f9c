"""Every field that a control reads, with values that pass and values that do not.

``good`` values pass at every level and version in a pod that is otherwise good; most of the ``bad`` ones
fail somewhere. That a field is missing, ``null``, or below an object that is ``null`` or empty, goes
without saying: whoever walks this table tries that too (``gaps``).
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from webhook.policy.path import Path

NAMES = ("a", "b", "c", "", 'quo"te', "back\\slash", "ünï-日本", "new\nline", "a b", "%s{values}")
"""Names of containers and volumes: words must not care what is in them."""

ODD_TEXTS = (
    '"',
    "\\",
    "a\tb\nc\rd",
    "\x00\x1b\x7f",
    "ü\u00a0\u00ad\u200b\u2028",
    "日本😀",
    "\ufeff\ufffd\uffff",
    "%q{s}",
)
"""What ``%q`` escapes or keeps, and what a formatter of texts could fall over."""

PROFILES = ("RuntimeDefault", "Localhost")
OTHER_PROFILES = ("Unconfined", "", "runtimeDefault", "Localhost ", "localhost/x", 'Un"confined\\', "日本")
ANNOTATED_PROFILES = ("runtime/default", "localhost/", "localhost/x")
OTHER_ANNOTATED_PROFILES = (
    "unconfined",
    "",
    "runtime/default ",
    "Runtime/default",
    "docker/default",
    *ODD_TEXTS,
)

SAFE_SYSCTLS = ("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies")
OTHER_SYSCTLS = (
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_notsent_lowat",
    "kernel.msgmax",
    "net/ipv4/tcp_syncookies",
    "",
)

ALLOWED_SOURCES = (
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
)
OTHER_SOURCES = (
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "gitRepo",
    "nfs",
    "iscsi",
    "glusterfs",
    "rbd",
    "flexVolume",
    "cinder",
    "cephfs",
    "flocker",
    "fc",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "storageos",
)


class Field(NamedTuple):
    """A field below a pod, or below a container; of a list, ``good`` and ``bad`` are items."""

    path: Path
    good: tuple[Any, ...]
    bad: tuple[Any, ...]
    is_list: bool = False

    def __str__(self) -> str:
        return ".".join(map(str, self.path))

    def gaps(self) -> Iterator[tuple[Path, Any]]:
        """The places above and at the field, each with what can be there in place of a value."""
        for length in range(1, len(self.path) + 1):
            place = self.path[:length]
            yield place, None
            if length < len(self.path):
                yield place, {}
            elif self.is_list:
                yield place, []


_SHARED = (
    Field(("appArmorProfile", "type"), PROFILES, OTHER_PROFILES),
    Field(
        ("seLinuxOptions", "type"),
        ("", "container_t", "container_init_t", "container_kvm_t"),
        ("container_engine_t", "spc_t", "Container_t", "container_t ", 'a"b'),
    ),
    Field(("seLinuxOptions", "user"), ("",), ("system_u", " ")),
    Field(("seLinuxOptions", "role"), ("",), ("system_r", " ")),
    Field(("seccompProfile", "type"), PROFILES, OTHER_PROFILES),
    Field(("windowsOptions", "hostProcess"), (False,), (True,)),
    Field(("runAsNonRoot",), (True,), (False,)),
    Field(("runAsUser",), (1, -1, 2**63 - 1), (0,)),
)
"""The fields that the security contexts of pods and of containers share."""

_ACTIONS = tuple(
    (*place, action, "host")
    for place in (
        ("livenessProbe",),
        ("readinessProbe",),
        ("startupProbe",),
        ("lifecycle", "postStart"),
        ("lifecycle", "preStop"),
    )
    for action in ("httpGet", "tcpSocket")
)

CONTAINER_FIELDS = (
    *(each._replace(path=("securityContext", *each.path)) for each in _SHARED),
    Field(("securityContext", "allowPrivilegeEscalation"), (False,), (True,)),
    Field(("securityContext", "privileged"), (False,), (True,)),
    Field(("securityContext", "procMount"), ("Default",), ("Unmasked", "", "default", 'a"b\\')),
    Field(
        ("securityContext", "capabilities", "add"),
        ("NET_BIND_SERVICE",),
        ("SYS_ADMIN", "CHOWN", "NET_RAW", "ALL", "all", "CAP_CHOWN", "net_bind_service", "", 'a"b', "日本"),
        is_list=True,
    ),
    Field(
        ("securityContext", "capabilities", "drop"),
        ("ALL",),
        ("all", "CAP_ALL", "ALL ", "NET_RAW", ""),
        is_list=True,
    ),
    Field(
        ("ports",),
        ({"containerPort": 80}, {"containerPort": 80, "hostPort": 0}, {"hostPort": None}, {}),
        tuple({"hostPort": number} for number in (80, 443, 1234, -1, 2**31 - 1)),
        is_list=True,
    ),
    *(Field(path, ("",), ("localhost", "127.0.0.1", " ", 'a"b\\')) for path in _ACTIONS),
)


def _volume(*sources: str) -> dict[str, Any]:
    return {"name": "v"} | {source: {} for source in sources}


POD_FIELDS = (
    *(each._replace(path=("spec", "securityContext", *each.path)) for each in _SHARED),
    *(Field(("spec", name), (False,), (True,)) for name in ("hostNetwork", "hostPID", "hostIPC")),
    Field(
        ("spec", "securityContext", "sysctls"),
        tuple({"name": name, "value": "1"} for name in SAFE_SYSCTLS),
        (*({"name": name, "value": "1"} for name in OTHER_SYSCTLS), {}, {"name": None}),
        is_list=True,
    ),
    Field(
        ("spec", "volumes"),
        (
            *map(_volume, ALLOWED_SOURCES),
            _volume("nfs", "secret"),
            _volume("hostPath", "image") | {"hostPath": None},
        ),
        (
            *map(_volume, OTHER_SOURCES),
            _volume(),
            _volume("emptyDir") | {"emptyDir": None},
            _volume("hostPath", "emptyDir"),
            _volume("storageos", "nfs"),
            {},
        ),
        is_list=True,
    ),
    Field(
        ("metadata", "annotations", "seccomp.security.alpha.kubernetes.io/pod"),
        ANNOTATED_PROFILES,
        OTHER_ANNOTATED_PROFILES,
    ),
    *(
        Field(
            ("metadata", "annotations", f"container.{module}.kubernetes.io/{name}"),
            ANNOTATED_PROFILES,
            OTHER_ANNOTATED_PROFILES,
        )
        for module in ("seccomp.security.alpha", "apparmor.security.beta")
        for name in ("a", "b", "", "ünï-日本", "nobody")
    ),
    Field(("metadata", "annotations", "apparmor.security.beta.kubernetes.io/a"), ("unconfined",), ()),
    # Neither passes nor fails anything by itself, but changes what others may be.
    Field(("spec", "hostUsers"), (True, False), ()),
    Field(("spec", "os", "name"), ("linux", "windows", "Windows", ""), ()),
)

CONTAINER_LISTS = ("initContainers", "containers", "ephemeralContainers")
