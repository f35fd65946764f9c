"""All kinds that hold pods: those that are built into Kubernetes, and those that a configuration adds."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

import msgspec

from webhook.policy.path import Path, dotted
from webhook.policy.pod import MOST_PARTS, UNREADABLE, MalformedObject, Pod
from webhook.policy.template_path import TemplatePath
from webhook.policy.workload import KINDS, decode_workload, pod_of

MOST_TEMPLATES: Final = 256
"""Pod templates in one object: more than anybody writes, and few enough that all are judged in time."""


class CustomWorkload(NamedTuple):
    """A kind of somebody's own: in which versions, as which resource, and where its pod templates stand."""

    api_versions: tuple[str, ...]
    kind: str
    resource: str
    templates: tuple[TemplatePath, ...]

    def __str__(self) -> str:
        return f"{self.kind} of {', '.join(self.api_versions)}"


class Placed(NamedTuple):
    """A pod in an object, and where its template stands: nowhere further down, for a pod itself."""

    place: Path
    pod: Pod


class Workloads:
    """The built-in kinds, and those that are *added*."""

    __slots__ = ("_decoders", "added")

    def __init__(self, added: Iterable[CustomWorkload] = ()) -> None:
        self.added: Final = tuple(added)
        self._decoders: Final = {
            (api_version, each.kind): [(path, msgspec.json.Decoder(path.holder)) for path in each.templates]
            for each in self.added
            for api_version in each.api_versions
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Workloads) and self.added == other.added

    def __hash__(self) -> int:
        return hash(self.added)

    def holds(self, api_version: str, kind: str) -> bool:
        """Whether objects of that kind hold pods."""
        return (api_version, kind) in KINDS or self.is_custom(api_version, kind)

    def is_custom(self, api_version: str, kind: str) -> bool:
        """Whether a configuration has added that kind."""
        return (api_version, kind) in self._decoders

    def versions_of(self, group: str, kind: str) -> tuple[str, ...]:
        """The apiVersions in which an added kind of that group is known."""
        return tuple(
            version
            for version, known in self._decoders
            if known == kind and version.rpartition("/")[0] == group
        )

    def pods_of(self, api_version: str, kind: str, manifest: Any) -> tuple[Placed, ...]:  # noqa: ANN401 - a parser's
        """The pods in *manifest*. Raises UnknownKind, and MalformedObject with a path from its root."""
        paths = self._decoders.get((api_version, kind))
        if paths is None:
            return _built_in(api_version, kind, pod_of(api_version, kind, manifest))
        return _custom(paths, lambda decoder: msgspec.convert(manifest, decoder.type))

    def decode(self, api_version: str, kind: str, document: bytes | msgspec.Raw) -> tuple[Placed, ...]:
        """As ``pods_of``, from the JSON text of the object."""
        paths = self._decoders.get((api_version, kind))
        if paths is None:
            return _built_in(api_version, kind, decode_workload(api_version, kind, document))
        return _custom(paths, lambda decoder: decoder.decode(document))


_Paths = list[tuple[TemplatePath, "msgspec.json.Decoder[Any]"]]


def _built_in(api_version: str, kind: str, pod: Pod | None) -> tuple[Placed, ...]:
    return () if pod is None else (Placed(KINDS[api_version, kind].template, pod),)


def _custom(paths: _Paths, decoded: Callable[["msgspec.json.Decoder[Any]"], Any]) -> tuple[Placed, ...]:
    found = tuple(islice(_placed(paths, decoded), MOST_TEMPLATES + 1))
    if len(found) > MOST_TEMPLATES:
        raise MalformedObject("", f"must not have more than {MOST_TEMPLATES} pod templates")
    if len(found) > 1 and sum(each.pod.parts for each in found) > MOST_PARTS:
        raise MalformedObject("", f"must not have more than {MOST_PARTS:,} parts of pods, all together")
    return found


def _placed(paths: _Paths, decoded: Callable[["msgspec.json.Decoder[Any]"], Any]) -> Iterator[Placed]:
    for path, decoder in paths:
        try:
            holder = decoded(decoder)
        except UNREADABLE as error:
            raise MalformedObject.from_decoder(error) from error
        for place, template in path.templates_in(holder):
            try:
                yield Placed(place, Pod(template))
            except MalformedObject as error:
                raise MalformedObject(f"{dotted(place)}.{error.path}", error.problem) from error


BUILT_IN: Final = Workloads()
"""The kinds that are there without any configuration."""
