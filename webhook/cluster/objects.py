"""What the API server sends, read for what is kept of it, object by object, and for where to go on.

Source: Kubernetes documentation, "Kubernetes API Concepts": lists in chunks, watches, bookmarks, objects
reduced to metadata. Versions are compared as numbers, as ``CompareResourceVersion`` of apimachinery does.
"""

from collections.abc import Callable
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

import msgspec
from msgspec import Struct, field

from webhook.cluster.failure import broken_off, unreadable
from webhook.cluster.positions import Bookmark, Change, Page, Put, Remove
from webhook.policy.core_v1 import PodObject
from webhook.policy.pod import UNREADABLE, MalformedObject, Pod

_Kept = TypeVar("_Kept")


class Part(Struct, rename="camel"):
    """A part of the API's objects."""


class Metadata(Part):
    """What every object has; empty where it does not say."""

    name: str = ""
    namespace: str = ""
    resource_version: str = ""


class Read(NamedTuple, Generic[_Kept]):
    """An object: the name by which it is kept, its version, and what is kept of it."""

    name: str
    version: str
    kept: _Kept


Reader: TypeAlias = Callable[[bytes | msgspec.Raw], Read[_Kept]]
"""Reads an object. Raises what ``UNREADABLE`` holds; a bookmark has nothing but a version."""


class _ListMetadata(Part):
    resource_version: str = ""
    continue_: str = field(default="", name="continue")
    remaining_item_count: int | None = None


class _List(Part):
    metadata: _ListMetadata
    # One after the other: what all of a page hold of which nothing is kept would be much at once.
    items: list[msgspec.Raw] | None = None


class _Event(Part):
    type: str
    object: msgspec.Raw


class _Pods(Part):
    metadata: _ListMetadata
    items: list[PodObject] | None = None


class PodPage(NamedTuple):
    """Some pods of a namespace; how many more there are, and where they go on."""

    pods: tuple[Pod, ...]
    remaining: int
    rest: str


_list = msgspec.json.Decoder(_List)
_event = msgspec.json.Decoder(_Event)
_pods = msgspec.json.Decoder(_Pods)
_UNREADABLE: Final = (*UNREADABLE, ValueError)


def object_in(read: Reader[_Kept], wanted: str, answer: bytes) -> Read[_Kept]:
    """The object that *answer* is. Raises Failure."""
    try:
        return read(answer)
    except _UNREADABLE as error:
        raise unreadable(wanted, error) from error


def page_in(read: Reader[_Kept], wanted: str, answer: bytes) -> Page[_Kept]:
    """The part of a list that *answer* is. Raises Failure."""
    try:
        page = _list.decode(answer)
        found = {}
        for each in page.items or ():
            name, _, kept = read(each)
            found[name] = kept
        return Page(found, int(page.metadata.resource_version), page.metadata.continue_)
    except _UNREADABLE as error:
        raise unreadable(wanted, error) from error


def change_in(read: Reader[_Kept], wanted: str, line: bytes) -> Change[_Kept]:
    """What a line of a watch tells. Raises Failure, also where the line itself tells of one."""
    try:
        event = _event.decode(line)
        if event.type == "ERROR":
            raise broken_off(wanted, event.object)
        return _change(event.type, read(event.object))
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


def _change(kind: str, read: Read[_Kept]) -> Change[_Kept]:
    version = int(read.version)
    if kind in {"ADDED", "MODIFIED"}:
        return Put(version, read.name, read.kept)
    if kind == "DELETED":
        return Remove(version, read.name)
    if kind == "BOOKMARK":
        return Bookmark(version)
    raise ValueError(f"an event of the type {kind}")
