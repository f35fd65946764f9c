"""What the API server sends, read for what is kept of it: names, a few labels, and where to go on.

Source: Kubernetes documentation, "Kubernetes API Concepts": lists in chunks, watches, bookmarks, objects
reduced to metadata. Versions are compared as numbers, as ``CompareResourceVersion`` of apimachinery does.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct, field

from webhook.admission import LABELS
from webhook.cluster.failure import broken_off, unreadable
from webhook.cluster.positions import Bookmark, Change, Labels, Page, Put, Remove
from webhook.policy.core_v1 import PodObject
from webhook.policy.pod import UNREADABLE, MalformedObject, Pod

_LONGEST_SHARED: Final = 512


class _Object(Struct, rename="camel"):
    """A part of the API's objects."""


class _Labels(Struct):
    """What is kept of the labels of a namespace: nothing else about it is ever asked."""

    enforce: str | None = field(default=None, name=LABELS[0])
    enforce_version: str | None = field(default=None, name=LABELS[1])
    audit: str | None = field(default=None, name=LABELS[2])
    audit_version: str | None = field(default=None, name=LABELS[3])
    warn: str | None = field(default=None, name=LABELS[4])
    warn_version: str | None = field(default=None, name=LABELS[5])
    defaults: str | None = field(default=None, name=LABELS[6])


class _Metadata(_Object):
    name: str = ""
    labels: _Labels | None = None
    resource_version: str = ""


class _Namespace(_Object):
    metadata: _Metadata


class _ListMetadata(_Object):
    resource_version: str = ""
    continue_: str = field(default="", name="continue")
    remaining_item_count: int | None = None


class _Namespaces(_Object):
    metadata: _ListMetadata
    items: list[_Namespace] | None = None


class _Event(_Object):
    type: str
    object: msgspec.Raw


class _Pods(_Object):
    metadata: _ListMetadata
    items: list[PodObject] | None = None


class PodPage(NamedTuple):
    """Some pods of a namespace; how many more there are, and where they go on."""

    pods: tuple[Pod, ...]
    remaining: int
    rest: str


_namespace = msgspec.json.Decoder(_Namespace)
_namespaces = msgspec.json.Decoder(_Namespaces)
_event = msgspec.json.Decoder(_Event)
_pods = msgspec.json.Decoder(_Pods)
_UNREADABLE: Final = (*UNREADABLE, ValueError)


def namespace_in(wanted: str, answer: bytes) -> tuple[str, Labels]:
    """The name and the labels of the namespace that *answer* is. Raises Failure."""
    try:
        metadata = _namespace.decode(answer).metadata
    except _UNREADABLE as error:
        raise unreadable(wanted, error) from error
    return metadata.name, _kept(metadata)


def page_in(wanted: str, answer: bytes) -> Page:
    """The part of a list of namespaces that *answer* is. Raises Failure."""
    try:
        page = _namespaces.decode(answer)
        found = {each.metadata.name: _kept(each.metadata) for each in page.items or ()}
        return Page(found, int(page.metadata.resource_version), page.metadata.continue_)
    except _UNREADABLE as error:
        raise unreadable(wanted, error) from error


def change_in(wanted: str, line: bytes) -> Change:
    """What a line of a watch of namespaces tells. Raises Failure, also where the line itself tells of one."""
    try:
        event = _event.decode(line)
        if event.type == "ERROR":
            raise broken_off(wanted, event.object)
        metadata = _namespace.decode(event.object).metadata
        return _change(event.type, metadata, int(metadata.resource_version))
    except _UNREADABLE as error:
        raise unreadable(wanted, error) from error


def pods_in(wanted: str, answer: bytes) -> PodPage:
    """The part of a list of pods that *answer* is. Raises Failure."""
    try:
        page = _pods.decode(answer)
        pods = tuple([Pod(each) for each in page.items or ()])
    except (*_UNREADABLE, MalformedObject) as error:
        raise unreadable(wanted, error) from error
    metadata = page.metadata
    return PodPage(pods, max(metadata.remaining_item_count or 0, 0), metadata.continue_)


def _change(kind: str, metadata: _Metadata, version: int) -> Change:
    if kind in {"ADDED", "MODIFIED"}:
        return Put(version, metadata.name, _kept(metadata))
    if kind == "DELETED":
        return Remove(version, metadata.name)
    if kind == "BOOKMARK":
        return Bookmark(version)
    raise ValueError(f"an event of the type {kind}")


def _kept(metadata: _Metadata) -> Labels:
    if metadata.labels is None:
        return _NONE
    texts = msgspec.structs.astuple(metadata.labels)
    # Anybody who may label a namespace makes texts up: what is long is not remembered for others.
    if sum(map(len, filter(None, texts))) > _LONGEST_SHARED:
        return _mapping(texts)
    return _shared(texts)


def _mapping(texts: tuple[str | None, ...]) -> Labels:
    return MappingProxyType({key: text for key, text in zip(LABELS, texts, strict=True) if text is not None})


_NONE: Final[Mapping[str, str]] = MappingProxyType({})
# Thousands of namespaces ask for the same few things: one copy serves them all.
_shared = lru_cache(maxsize=1024)(_mapping)
