"""The Kubernetes API's pod as typed values: only the fields that decide anything.

Names and types are those of the Kubernetes API reference, ``core/v1``. As in Go's decoding, a field that is
``null`` is a field that is absent; a field not named here is not looked at.
"""

from typing import Annotated

from msgspec import Meta, Struct, field

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
    """Lists of names, in which a ``null`` is the empty name, as in Go."""

    add: tuple[str | None, ...] | None = None
    drop: tuple[str | None, ...] | None = None


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


class VolumeMount(_Object, frozen=True, gc=False):
    name: str | None = None
    read_only: bool | None = None
    recursive_read_only: str | None = None
    sub_path: str | None = None


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
    volume_mounts: tuple[VolumeMount, ...] | None = None


class Source(_Object, frozen=True, gc=False):
    """A volume source: that it is there is all the controls ask."""


class HostPath(_Object, frozen=True, gc=False):
    """A part of the node's file system; controls ask no more than that it is there, exceptions ask which."""

    path: str | None = None


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
    host_path: HostPath | None = None
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


class NodeSelectorRequirement(_Object, frozen=True, gc=False):
    key: str | None = None
    operator: str | None = None
    values: tuple[str | None, ...] | None = None


class NodeSelectorTerm(_Object, frozen=True, gc=False):
    match_expressions: tuple[NodeSelectorRequirement, ...] | None = None
    match_fields: tuple[NodeSelectorRequirement, ...] | None = None


class NodeSelector(_Object, frozen=True, gc=False):
    node_selector_terms: tuple[NodeSelectorTerm, ...] | None = None


class NodeAffinity(_Object, frozen=True, gc=False):
    required: NodeSelector | None = field(default=None, name="requiredDuringSchedulingIgnoredDuringExecution")


class Affinity(_Object, frozen=True, gc=False):
    node_affinity: NodeAffinity | None = None


class Toleration(_Object, frozen=True, gc=False):
    key: str | None = None
    operator: str | None = None
    value: str | None = None
    effect: str | None = None


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
    node_name: str | None = None
    node_selector: dict[str, str | None] | None = None
    affinity: Affinity | None = None
    tolerations: tuple[Toleration, ...] | None = None
    runtime_class_name: str | None = None
    service_account_name: str | None = None
    # Its name before v1.0, which the API server still takes.
    service_account: str | None = None


class Owner(_Object, frozen=True, gc=False):
    api_version: str | None = None
    kind: str | None = None
    name: str | None = None
    uid: str | None = None
    controller: bool | None = None


class Metadata(_Object, frozen=True, gc=False):
    """Metadata of a pod or of a pod template."""

    name: str | None = None
    labels: dict[str, str | None] | None = None
    annotations: dict[str, str | None] | None = None
    owner_references: tuple[Owner, ...] | None = None


class PodObject(_Object, frozen=True, gc=False):
    """A pod, or a pod template, as the API writes it."""

    metadata: Metadata | None = None
    spec: PodSpec | None = None
