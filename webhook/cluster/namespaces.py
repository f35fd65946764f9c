"""Namespaces as the API server has them: of each, the few labels that decisions are made of."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Never

import msgspec
from msgspec import Struct, field

from webhook.admission import LABELS
from webhook.cluster import requests
from webhook.cluster.copied import Copied
from webhook.cluster.kind import Kind
from webhook.cluster.objects import Part, Read
from webhook.cluster.observer import Following
from webhook.cluster.reflector import Listing, Reflector, Times

Labels = Mapping[str, str]

_LONGEST_SHARED: Final = 512


class _Labels(Struct):
    """What is kept of the labels of a namespace: nothing else about it is ever asked."""

    enforce: str | None = field(default=None, name=LABELS[0])
    enforce_version: str | None = field(default=None, name=LABELS[1])
    audit: str | None = field(default=None, name=LABELS[2])
    audit_version: str | None = field(default=None, name=LABELS[3])
    warn: str | None = field(default=None, name=LABELS[4])
    warn_version: str | None = field(default=None, name=LABELS[5])
    defaults: str | None = field(default=None, name=LABELS[6])
    localhost_profiles: str | None = field(default=None, name=LABELS[7])


class _Metadata(Part):
    name: str = ""
    labels: _Labels | None = None
    resource_version: str = ""


class _Namespace(Part):
    metadata: _Metadata


_namespace = msgspec.json.Decoder(_Namespace)


def namespace_in(document: bytes | msgspec.Raw) -> Read[Labels]:
    """The namespace that *document* is, and its labels. Raises what ``UNREADABLE`` holds."""
    metadata = _namespace.decode(document).metadata
    return Read(metadata.name, metadata.resource_version, _kept(metadata.labels))


NAMESPACES: Final = Kind("namespaces", (requests.NAMESPACES,), namespace_in)


class Namespaces:
    """The namespaces in *source*; ``run`` it in one thread, read it in all."""

    def __init__(self, source: Listing[Labels], times: Times, observer: Following) -> None:
        self._copy: Copied[Labels] = Copied()
        self._reflector = Reflector(source, self._copy, times, observer, called=NAMESPACES.called)

    def labels(self, namespace: str) -> Labels | None:
        """What was last heard of *namespace*: its labels, or None if it is not known."""
        return self._copy.get(namespace)

    @property
    def is_current(self) -> bool:
        """Whether changes are being heard as they happen."""
        return self._reflector.is_current

    def waits_for(self) -> str | None:
        """What is still to come before anything is known, in words; None once it was."""
        return self._reflector.waits_for()

    def run(self) -> Never:
        """Keep the copy up, for ever."""
        while True:
            self._reflector.run()

    def turn(self) -> None:
        """Ask once, for a part of the list or a watch, and do what follows from the answer."""
        self._reflector.turn()


def _kept(labels: _Labels | None) -> Labels:
    if labels is None:
        return _NONE
    texts = msgspec.structs.astuple(labels)
    # Anybody who may label a namespace makes texts up: what is long is not remembered for others.
    if sum(map(len, filter(None, texts))) > _LONGEST_SHARED:
        return _mapping(texts)
    return _shared(texts)


def _mapping(texts: tuple[str | None, ...]) -> Labels:
    return MappingProxyType({key: text for key, text in zip(LABELS, texts, strict=True) if text is not None})


_NONE: Final[Mapping[str, str]] = MappingProxyType({})
# Thousands of namespaces ask for the same few things: one copy serves them all.
_shared = lru_cache(maxsize=1024)(_mapping)
