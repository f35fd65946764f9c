"""A typed, read-only pod: only the fields that the controls read, decoded once at the border.

Field names and types are those of the Kubernetes API, ``core/v1`` Pod. As in Go's decoding, a field
that is ``null`` is a field that is absent; a field not named here is not looked at.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct, field

Path = tuple[str | int, ...]

Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Int64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]


class _Object(Struct, frozen=True, gc=False, rename="camel"):
    """An object of the API. Nothing here can be part of a cycle, so the collector need not look."""


class Profile(_Object, frozen=True, gc=False):
    """A seccomp or AppArmor profile: one without ``type`` is a bad value, not an absent profile."""

    type: str | None = None
    localhost_profile: str | None = None


class SELinuxOptions(_Object, frozen=True, gc=False):
    type: str | None = None
    user: str | None = None
    role: str | None = None


class WindowsOptions(_Object, frozen=True, gc=False):
    host_process: bool | None = None


class SecurityContext(_Object, frozen=True, gc=False):
    """What the security contexts of pods and of containers have in common."""

    seccomp_profile: Profile | None = None
    app_armor_profile: Profile | None = None
    se_linux_options: SELinuxOptions | None = None
    windows_options: WindowsOptions | None = None
    run_as_non_root: bool | None = None
    run_as_user: Int64 | None = None


class Sysctl(_Object, frozen=True, gc=False):
    name: str | None = None


class PodSecurityContext(SecurityContext, frozen=True, gc=False):
    sysctls: tuple[Sysctl, ...] | None = None


class Capabilities(_Object, frozen=True, gc=False):
    add: tuple[str, ...] | None = None
    drop: tuple[str, ...] | None = None


class ContainerSecurityContext(SecurityContext, frozen=True, gc=False):
    privileged: bool | None = None
    allow_privilege_escalation: bool | None = None
    capabilities: Capabilities | None = None
    proc_mount: str | None = None


class Port(_Object, frozen=True, gc=False):
    host_port: Int32 | None = None


class HostAction(_Object, frozen=True, gc=False):
    host: str | None = None


class Handler(_Object, frozen=True, gc=False):
    """A probe, or one side of a lifecycle: an action that may name a host."""

    http_get: HostAction | None = None
    tcp_socket: HostAction | None = None


class Lifecycle(_Object, frozen=True, gc=False):
    post_start: Handler | None = None
    pre_stop: Handler | None = None


class Container(_Object, frozen=True, gc=False):
    """An init, regular or ephemeral container."""

    name: str | None = None
    image: str | None = None
    security_context: ContainerSecurityContext | None = None
    ports: tuple[Port, ...] | None = None
    liveness_probe: Handler | None = None
    readiness_probe: Handler | None = None
    startup_probe: Handler | None = None
    lifecycle: Lifecycle | None = None


class Source(_Object, frozen=True, gc=False):
    """A volume source: that it is there is all the controls ask."""


class Volume(_Object, frozen=True, gc=False):
    """A volume with its possible sources, in the order in which the built-in plugin names them.

    Source: Kubernetes API reference, ``core/v1`` Volume.
    """

    name: str | None = None
    # Allowed by the restricted level.
    config_map: Source | None = None
    csi: Source | None = None
    downward_api: Source | None = field(default=None, name="downwardAPI")
    empty_dir: Source | None = None
    ephemeral: Source | None = None
    image: Source | None = None
    persistent_volume_claim: Source | None = None
    projected: Source | None = None
    secret: Source | None = None
    # Not allowed by it.
    host_path: Source | None = None
    gce_persistent_disk: Source | None = None
    aws_elastic_block_store: Source | None = None
    git_repo: Source | None = None
    nfs: Source | None = None
    iscsi: Source | None = None
    glusterfs: Source | None = None
    rbd: Source | None = None
    flex_volume: Source | None = None
    cinder: Source | None = None
    cephfs: Source | None = None
    flocker: Source | None = None
    fc: Source | None = None
    azure_file: Source | None = None
    vsphere_volume: Source | None = None
    quobyte: Source | None = None
    azure_disk: Source | None = None
    photon_persistent_disk: Source | None = None
    portworx_volume: Source | None = None
    scale_io: Source | None = field(default=None, name="scaleIO")
    storageos: Source | None = None


class OperatingSystem(_Object, frozen=True, gc=False):
    name: str | None = None


class PodSpec(_Object, frozen=True, gc=False):
    containers: tuple[Container, ...] | None = None
    init_containers: tuple[Container, ...] | None = None
    ephemeral_containers: tuple[Container, ...] | None = None
    security_context: PodSecurityContext | None = None
    volumes: tuple[Volume, ...] | None = None
    host_network: bool | None = None
    host_pid: bool | None = field(default=None, name="hostPID")
    host_ipc: bool | None = field(default=None, name="hostIPC")
    host_users: bool | None = None
    os: OperatingSystem | None = None
    runtime_class_name: str | None = None


class Owner(_Object, frozen=True, gc=False):
    uid: str | None = None
    controller: bool | None = None


class Metadata(_Object, frozen=True, gc=False):
    """Metadata of a pod or of a pod template."""

    name: str | None = None
    annotations: dict[str, str | None] | None = None
    owner_references: tuple[Owner, ...] | None = None


class PodObject(_Object, frozen=True, gc=False):
    """A pod, or a pod template, as the API writes it."""

    metadata: Metadata | None = None
    spec: PodSpec | None = None


_NO_CONTEXT: Final = ContainerSecurityContext()
_NO_POD_CONTEXT: Final = PodSecurityContext()
_NO_METADATA: Final = Metadata()
_NO_SPEC: Final = PodSpec()
_CONTAINER_LISTS: Final = (
    ("initContainers", "init_containers"),
    ("containers", "containers"),
    ("ephemeralContainers", "ephemeral_containers"),
)


class Pod:
    """A pod as the controls look at it.

    ``contexts`` pairs every container with its security context (an empty one where it has none):
    init, then regular, then ephemeral containers, each in the order of its list. ``setters`` is the
    same with the pod's own security context in front, paired with None.
    """

    __slots__ = ("context", "contexts", "metadata", "setters", "spec")

    metadata: Metadata
    spec: PodSpec
    context: PodSecurityContext
    contexts: tuple[tuple[Container, ContainerSecurityContext], ...]
    setters: tuple[tuple[Container | None, SecurityContext], ...]

    def __init__(self, written: PodObject) -> None:
        self.metadata = written.metadata or _NO_METADATA
        self.spec = spec = written.spec or _NO_SPEC
        self.context = spec.security_context or _NO_POD_CONTEXT
        containers = spec.containers or ()
        if spec.init_containers or spec.ephemeral_containers:
            containers = (*(spec.init_containers or ()), *containers, *(spec.ephemeral_containers or ()))
        self.contexts = tuple([(each, each.security_context or _NO_CONTEXT) for each in containers])
        self.setters = ((None, self.context), *self.contexts)

    @property
    def annotations(self) -> dict[str, str | None]:
        """The annotations; one written as ``null`` is the empty text to Kubernetes."""
        return self.metadata.annotations or {}

    @property
    def is_windows(self) -> bool:
        """Whether the pod says that it runs on Windows."""
        os = self.spec.os
        return os is not None and os.name == "windows"

    @property
    def has_own_users(self) -> bool:
        """Whether the pod runs in a user namespace of its own (``hostUsers: false``)."""
        return self.spec.host_users is False

    def path_of(self, node: Container | Volume) -> Path:
        """Where *node* stands in the pod, such as ``("spec", "containers", 0)``."""
        for place, member in self._places():
            if member is node:
                return place
        raise LookupError("not a part of this pod")

    def _places(self) -> Iterator[tuple[Path, Container | Volume]]:
        for name, attribute in (*_CONTAINER_LISTS, ("volumes", "volumes")):
            for index, member in enumerate(getattr(self.spec, attribute) or ()):
                yield ("spec", name, index), member


class MalformedPod(ValueError):
    """A field has a type that Kubernetes would not accept; names the field and what was expected."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}" if path else problem)
        self.path = path
        self.problem = problem

    @classmethod
    def from_decoder(cls, error: Exception) -> "MalformedPod":
        """From msgspec's error, which ends in the place: ``... - at `$.spec.containers[0].name```."""
        problem, _, place = str(error).partition(" - at `$")
        return cls(place.rstrip("`").lstrip("."), problem)


_decoder = msgspec.json.Decoder(PodObject)


def decode_pod(document: bytes | msgspec.Raw) -> Pod:
    """The pod that the JSON text *document* is. Raises MalformedPod."""
    try:
        return Pod(_decoder.decode(document))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise MalformedPod.from_decoder(error) from error


def pod_from(manifest: Any) -> Pod:  # noqa: ANN401 - anything that a parser can return may come here
    """The pod that an already parsed manifest, or pod template, is. Raises MalformedPod."""
    try:
        return Pod(msgspec.convert(manifest, PodObject))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise MalformedPod.from_decoder(error) from error
