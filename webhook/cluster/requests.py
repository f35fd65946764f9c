"""Everything that is ever asked of the API server. PURE.

Source: Kubernetes API reference, "Namespace" and "Pod"; "Kubernetes API Concepts" for parameters and for
objects reduced to their metadata.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urlencode

_NAMESPACES: Final = "/api/v1/namespaces"
_PAGE: Final = "500"
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


def can_be_a_namespace(name: str) -> bool:
    """Whether a namespace could have this *name* (RFC 1123 label)."""
    return _NAME.fullmatch(name) is not None


def list_namespaces(rest: str) -> Request:
    """The newest list of all namespaces, or the *rest* of one; no version asked for means the newest."""
    return _request("list namespaces", _NAMESPACES, _MANY, {"limit": _PAGE, **_going_on(rest)})


def watch_namespaces(version: int, seconds: int) -> Request:
    """All changes of namespaces after *version*, for so many *seconds*."""
    query = {
        "watch": "true",
        "allowWatchBookmarks": "true",
        "resourceVersion": str(version),
        "timeoutSeconds": str(seconds),
    }
    return _request("watch namespaces", _NAMESPACES, _ONE, query)


def get_namespace(name: str) -> Request:
    """The namespace *name*, which ``can_be_a_namespace``."""
    return _request("get namespaces", f"{_NAMESPACES}/{name}", _ONE, {})


def list_pods(namespace: str, rest: str, seconds: int) -> Request:
    """The pods of *namespace*, which ``can_be_a_namespace``, or the *rest* of them."""
    query = {"limit": _PAGE, "timeoutSeconds": str(seconds), **_going_on(rest)}
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
