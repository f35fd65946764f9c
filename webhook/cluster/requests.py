"""Everything that is ever asked of the API server. PURE.

Source: Kubernetes API reference, "Namespace", "Node" and "Pod"; "Kubernetes API Concepts" for parameters and
for objects reduced to their metadata.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urlencode

_NAMESPACES: Final = "/api/v1/namespaces"
_PAGE: Final = 500
_JSON: Final = "application/json"
_ONE: Final = f"{_JSON};as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
_MANY: Final = f"{_JSON};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
# Names that cannot be are not asked for: they would be part of a path.
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


class Request(NamedTuple):
    """A GET, and in *wanted* the permission that it needs: ``list namespaces``."""

    wanted: str
    path: str
    accept: str


class Collection(NamedTuple):
    """All objects of a kind: what roles call it, ``nodes`` or ``nodeprofiles.seccomp-webhook.io``, and where.

    So many are in a *page* of a list; where they are *reduced*, nothing but their metadata is.
    """

    resource: str
    path: str
    page: int = _PAGE
    reduced: bool = False


NAMESPACES: Final = Collection("namespaces", _NAMESPACES, reduced=True)


def can_be_a_namespace(name: str) -> bool:
    """Whether a namespace could have this *name* (RFC 1123 label)."""
    return _NAME.fullmatch(name) is not None


def list_all(collection: Collection, rest: str) -> Request:
    """The newest list of *collection*, or the *rest* of one; no version asked for means the newest."""
    query = {"limit": str(collection.page), **_going_on(rest)}
    accept = _MANY if collection.reduced else _JSON
    return _request(f"list {collection.resource}", collection.path, accept, query)


def watch_all(collection: Collection, version: int, seconds: int) -> Request:
    """All changes of *collection* after *version*, for so many *seconds*."""
    query = {
        "watch": "true",
        "allowWatchBookmarks": "true",
        "resourceVersion": str(version),
        "timeoutSeconds": str(seconds),
    }
    accept = _ONE if collection.reduced else _JSON
    return _request(f"watch {collection.resource}", collection.path, accept, query)


def get_namespace(name: str) -> Request:
    """The namespace *name*, which ``can_be_a_namespace``."""
    return _request("get namespaces", f"{_NAMESPACES}/{name}", _ONE, {})


def list_pods(namespace: str, rest: str, seconds: int) -> Request:
    """The pods of *namespace*, which ``can_be_a_namespace``, or the *rest* of them."""
    query = {"limit": str(_PAGE), "timeoutSeconds": str(seconds), **_going_on(rest)}
    return _request("list pods", f"{_NAMESPACES}/{namespace}/pods", _JSON, query)


def any_pod() -> Request:
    """One pod, wherever it is: whether pods may be listed."""
    return _request("list pods", "/api/v1/pods", _MANY, {"limit": "1"})


def _request(wanted: str, path: str, accept: str, query: Mapping[str, str]) -> Request:
    # A server that cannot reduce an object sends all of it, which is read just as well.
    accepted = accept if accept == _JSON else f"{accept},{_JSON}"
    return Request(wanted, f"{path}?{urlencode(query)}" if query else path, accepted)


def _going_on(rest: str) -> dict[str, str]:
    return {"continue": rest} if rest else {}
