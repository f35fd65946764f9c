"""What the agent of one node asks the API server for, and writes there: its node, its report, its pods.

Source: Kubernetes API reference, "Node", section NodeSystemInfo; "Server-Side Apply"; "Garbage Collection",
for owners in the cluster's scope.
"""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import msgspec
from msgspec import Struct, field

from webhook.cluster.access import Access
from webhook.cluster.exchange import APPLY, MERGE, Ask, asked, good
from webhook.cluster.failure import Failure, unreadable
from webhook.nodes.label_names import PREFIX
from webhook.nodes.report import NodeReport
from webhook.nodes.wire import GROUP, KIND, PLURAL, VERSION, MalformedReport, Status, report_of, status_of
from webhook.policy.core_v1 import PodObject
from webhook.policy.pod import UNREADABLE, MalformedObject, Pod

_MANAGER: Final = "seccomp-webhook-agent"
_PROFILES: Final = f"/apis/{GROUP}/{VERSION}/{PLURAL}"
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
_PAGE: Final = 500
_NOT_OVER: Final = "status.phase!=Succeeded,status.phase!=Failed"


class NodeSaid(NamedTuple):
    """What is known of the node: its uid, its labels of ours, and what the kubelet says that it runs."""

    uid: str
    labels: Mapping[str, str]
    runtime: str
    runtime_version: str
    kernel: str
    architecture: str


class Published(NamedTuple):
    """The report that is published, None where it is no report, and the uids of the object's owners."""

    report: NodeReport | None
    owners: tuple[str, ...]


class _NodeInfo(Struct, rename="camel"):
    kernel_version: str = ""
    architecture: str = ""
    container_runtime_version: str = ""


class _NodeStatus(Struct, rename="camel"):
    node_info: _NodeInfo = field(default_factory=_NodeInfo)


class _Owner(Struct):
    uid: str = ""


class _Metadata(Struct, rename="camel"):
    uid: str = ""
    labels: dict[str, str] | None = None
    owner_references: list[_Owner] | None = None
    continue_: str = field(default="", name="continue")


class _Node(Struct):
    metadata: _Metadata
    status: _NodeStatus = field(default_factory=_NodeStatus)


class _NodeProfiles(Struct):
    metadata: _Metadata
    status: Status = field(default_factory=Status)


class _Pods(Struct):
    metadata: _Metadata
    items: list[PodObject] | None = None


def can_be_a_node(name: str) -> bool:
    """Whether a node could have this *name* (RFC 1123 subdomain)."""
    return _NAME.fullmatch(name) is not None


class NodeApi:
    """The API server, as the agent of the node *name* needs it. Everything raises Failure."""

    def __init__(self, access: Access, name: str) -> None:
        self._access = access
        self._name = name

    def node(self) -> NodeSaid | None:
        """What is known of the node, or None if there is none of that name."""
        ask = Ask("get nodes", "GET", f"/api/v1/nodes/{self._name}?resourceVersion=0")
        body = self._found(ask)
        if body is None:
            return None
        try:
            node = msgspec.json.decode(body, type=_Node)
        except UNREADABLE as error:
            raise unreadable(ask.wanted, error) from error
        info = node.status.node_info
        runtime, _, version = info.container_runtime_version.partition("://")
        labels = {key: value for key, value in (node.metadata.labels or {}).items() if key.startswith(PREFIX)}
        return NodeSaid(node.metadata.uid, labels, runtime, version, info.kernel_version, info.architecture)

    def published(self) -> Published | None:
        """What is published of the node, or None if nothing is."""
        ask = Ask(f"get {PLURAL}", "GET", f"{_PROFILES}/{self._name}")
        body = self._found(ask)
        if body is None:
            return None
        try:
            found = msgspec.json.decode(body, type=_NodeProfiles)
            report = report_of(self._name, found.status)
        except (*UNREADABLE, MalformedReport):
            return Published(None, ())
        return Published(report, tuple(owner.uid for owner in found.metadata.owner_references or ()))

    def publish(self, report: NodeReport, uid: str) -> None:
        """Publish *report*; the object goes when the node of *uid* goes."""
        owner = {"apiVersion": "v1", "kind": "Node", "name": self._name, "uid": uid}
        self._apply("", {"metadata": {"name": self._name, "ownerReferences": [owner]}})
        self._apply("/status", {"metadata": {"name": self._name}, "status": status_of(report)})

    def label(self, labels: Mapping[str, str | None]) -> None:
        """Set *labels* of the node, and take away those that are None."""
        ask = Ask("patch nodes", "PATCH", f"/api/v1/nodes/{self._name}?fieldManager={_MANAGER}",
                  {"metadata": {"labels": dict(labels)}}, MERGE)  # fmt: skip
        good(ask, asked(self._access, ask))

    def profiles_in_use(self) -> frozenset[str]:
        """The paths of seccomp profiles that pods name which are bound to the node and not over."""
        paths: set[str] = set()
        rest = ""
        while True:
            page = self._pods(rest)
            try:
                paths.update(path for each in page.items or () for path in _paths_of(Pod(each)))
            except MalformedObject as error:
                raise unreadable("list pods", error) from error
            rest = page.metadata.continue_
            if not rest:
                return frozenset(paths)

    def _pods(self, rest: str) -> _Pods:
        query = {"fieldSelector": f"spec.nodeName={self._name},{_NOT_OVER}", "limit": str(_PAGE)}
        ask = Ask(
            "list pods", "GET", f"/api/v1/pods?{urlencode(query | ({'continue': rest} if rest else {}))}"
        )
        try:
            return msgspec.json.decode(good(ask, asked(self._access, ask)), type=_Pods)
        except UNREADABLE as error:
            raise unreadable(ask.wanted, error) from error

    def _found(self, ask: Ask) -> bytes | None:
        reply = asked(self._access, ask)
        return None if reply.code == HTTPStatus.NOT_FOUND else good(ask, reply)

    def _apply(self, subresource: str, content: dict[str, Any]) -> None:
        resource = f"{PLURAL}{subresource}"
        path = f"{_PROFILES}/{self._name}{subresource}?fieldManager={_MANAGER}&force=true"
        body = {"apiVersion": f"{GROUP}/{VERSION}", "kind": KIND, **content}
        ask = Ask(f"patch {resource}", "PATCH", path, body, APPLY)
        reply = asked(self._access, ask)
        if reply.code == HTTPStatus.NOT_FOUND:
            raise Failure(
                f"{ask.wanted}: the API server has no {PLURAL}.{GROUP}: the definition that the chart brings "
                "must be installed",
                status=reply.code,
            )
        good(ask, reply)


def _paths_of(pod: Pod) -> Iterator[str]:
    """What the pod and its containers of all kinds name in ``localhostProfile``."""
    for _, context in pod.setters:
        profile = context.seccomp_profile
        if profile is not None and profile.localhost_profile:
            yield profile.localhost_profile
