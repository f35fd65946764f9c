"""What the security-profiles-operator says of the seccomp profiles that it puts on nodes.

Source: security-profiles-operator, API reference: ``SeccompProfile`` (v1 belongs to the cluster, v1beta1 to a
namespace), ``SecurityProfileNodeStatus`` (one for each profile and node; its labels tell all that we need).
"""

from typing import Final, NamedTuple

import msgspec
from msgspec import Struct, field

from webhook.cluster.kind import Kind
from webhook.cluster.objects import Part, Read
from webhook.cluster.requests import Collection

_GROUP: Final = "security-profiles-operator.x-k8s.io"
_SECCOMP: Final = "SeccompProfile"
_INSTALLED: Final = "Installed"
_FOLDER: Final = "operator"
_SUFFIX: Final = ".json"
# A profile has some kilobytes; its statuses are asked for without their contents.
_PAGE: Final = 100
_ABSENCE: Final = "there is no security-profiles-operator in this cluster"


class OperatorProfile(NamedTuple):
    """A profile: its path as pods name it, and whether the operator has it on all nodes that it serves."""

    path: str
    is_installed: bool


class OperatorStatus(NamedTuple):
    """A profile on a node; ``path`` is empty where it is of another kind than seccomp."""

    node: str
    path: str
    is_installed: bool

    @property
    def name(self) -> str:
        """All that it is about: unlike the name of the object, it is enough to forget it by."""
        return f"{self.node}\n{self.path}"


def about(name: str) -> tuple[str, str]:
    """The node and the path that the status called *name* is about."""
    node, _, path = name.partition("\n")
    return node, path


class _Status(Part):
    status: str = ""
    localhost_profile: str = ""


class _Metadata(Part):
    name: str = ""
    namespace: str = ""
    resource_version: str = ""


class _Profile(Part):
    metadata: _Metadata
    status: _Status | None = None


class _Labels(Struct):
    node: str = field(default="", name="spo.x-k8s.io/node-name")
    state: str = field(default="", name="spo.x-k8s.io/profile-state")


class _Owner(Part):
    kind: str = ""
    name: str = ""


class _StatusMetadata(_Metadata):
    labels: _Labels | None = None
    owner_references: list[_Owner] | None = None


class _NodeStatus(Part):
    metadata: _StatusMetadata


_profile = msgspec.json.Decoder(_Profile)
_node_status = msgspec.json.Decoder(_NodeStatus)


def profile_in(document: bytes | msgspec.Raw) -> Read[OperatorProfile]:
    """The profile that *document* is. Raises what ``UNREADABLE`` holds."""
    found = _profile.decode(document)
    metadata, status = found.metadata, found.status or _Status()
    path = status.localhost_profile or _path(metadata.namespace, metadata.name)
    profile = OperatorProfile(path, status.status == _INSTALLED)
    return Read(f"{metadata.namespace}/{metadata.name}", metadata.resource_version, profile)


def node_status_in(document: bytes | msgspec.Raw) -> Read[OperatorStatus]:
    """The status that *document* is, named after all that it is about. Raises what ``UNREADABLE`` holds."""
    metadata = _node_status.decode(document).metadata
    labels = metadata.labels or _Labels()
    owner = next((each.name for each in metadata.owner_references or () if each.kind == _SECCOMP), "")
    path = _path(metadata.namespace, owner) if owner else ""
    status = OperatorStatus(labels.node, path, labels.state == _INSTALLED)
    return Read(status.name, metadata.resource_version, status)


def _path(namespace: str, name: str) -> str:
    """Where the operator puts a profile, below the folder of seccomp profiles."""
    file = name if name.endswith(_SUFFIX) else f"{name}{_SUFFIX}"
    return "/".join(filter(None, (_FOLDER, namespace, file)))


def _collections(plural: str, *versions: str, page: int, reduced: bool) -> tuple[Collection, ...]:
    resource = f"{plural}.{_GROUP}"
    return tuple(
        Collection(resource, f"/apis/{_GROUP}/{version}/{plural}", page=page, reduced=reduced)
        for version in versions
    )


PROFILES: Final = Kind(
    "profiles of the security-profiles-operator",
    _collections("seccompprofiles", "v1", "v1beta1", page=_PAGE, reduced=False),
    profile_in,
    _ABSENCE,
)
STATUSES: Final = Kind(
    "nodes of the security-profiles-operator",
    _collections("securityprofilenodestatuses", "v1", "v1alpha1", page=500, reduced=True),
    node_status_in,
    f"{_ABSENCE} that says which node has which profile",
)
