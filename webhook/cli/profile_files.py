"""Files, folders and standard input, as the bytes of profiles."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final, NamedTuple

from webhook.manifests.document import Value
from webhook.manifests.encodings import text_of
from webhook.manifests.malformed import Malformed
from webhook.manifests.readers import values
from webhook.manifests.sources import Source, Unusable, blocks, reason, sources
from webhook.policy.path import Path
from webhook.reports.verdict import Problem
from webhook.seccomp.document import Document

LARGEST: Final = 16 << 20
"""More is not read. Source: no runtime sets a limit; the longest filter the kernel takes is a hundredth."""

_KIND: Final = "SeccompProfile"
_LISTS: Final = frozenset({"List", f"{_KIND}List"})
_KEYS: Final = frozenset({"apiVersion", "kind", "metadata", "items"})
"""A profile may have an ``items`` that nobody reads; a list has nothing else."""

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class ProfileFile(NamedTuple):
    """A profile, and the file that holds it."""

    name: str
    document: Document


def profile_files(paths: Iterable[str]) -> Iterator[ProfileFile | Problem]:
    """The profiles in *paths*; of a folder all JSON, and the objects of the operator in YAML."""
    for path in paths:
        for source in sources(path):
            if isinstance(source, Unusable):
                yield Problem(source.name, None, source.problem)
            else:
                yield from _profiles(source)


def one_file(path: str) -> ProfileFile | Problem:
    """The one profile in the file *path*, or in standard input for ``-``."""
    found = list(profile_files([path]))
    if len(found) == 1:
        return found[0]
    return Problem(
        path, None, "one profile is wanted, and there are several" if found else "no profile in here"
    )


def _profiles(source: Source) -> Iterator[ProfileFile | Problem]:
    try:
        content = _content(source)
        if source.name.lower().endswith((".yaml", ".yml")) or (
            _KIND.encode() in content and not content.lstrip().startswith(b"{")
        ):
            found = list(_objects(source.name, content))
            yield from found
            if not found and source.is_named:
                yield Problem(source.name, None, f"no object of kind {_KIND} in here")
        elif _is_list(content):
            yield from _objects(source.name, content)
        else:
            yield ProfileFile(source.name, Document(content))
    except Malformed as malformed:
        yield Problem(source.name, malformed.line, malformed.problem)
    except (OSError, ValueError) as error:
        yield Problem(source.name, None, reason(error))


def _content(source: Source) -> bytes:
    """What *source* holds. Raises Malformed for more than is read, OSError and ValueError."""
    content = bytearray()
    for block in blocks(source):
        content += block
        if len(content) > LARGEST:
            raise Malformed(1, f"more than {LARGEST >> 20} MiB: this is no profile")
    return bytes(content)


def _is_list(content: bytes) -> bool:
    """Whether *content* is JSON with objects of the operator in a list, as kubectl prints it."""
    if _KIND.encode() not in content or b'"items"' not in content:
        return False
    try:
        return any(_items(value.content) for value in values(text_of(content), 1))
    except Malformed:
        return False  # a profile's own reader says better what is wrong


def _objects(name: str, content: bytes) -> Iterator[ProfileFile]:
    """The objects of the operator in YAML or JSON, those in lists, too. Raises Malformed."""
    for value in values(text_of(content), 1):
        for start, parsed in ((), value.content), *_items(value.content):
            if isinstance(parsed, dict) and parsed.get("kind") == _KIND:
                yield ProfileFile(name, Document.of_object(parsed, partial(_line, value, start)))


def _items(parsed: object) -> Iterable[tuple[Path, object]]:
    """What a list of Kubernetes holds, with the path to it. Nothing where *parsed* is no such list."""
    if not isinstance(parsed, dict) or parsed.get("kind") not in _LISTS or not parsed.keys() <= _KEYS:
        return ()
    items = parsed.get("items")
    return [(("items", at), each) for at, each in enumerate(items)] if isinstance(items, list) else ()


def _line(value: Value, start: Path, path: str) -> int:
    return value.text.line_of(start + _path(path))


def _path(text: str) -> Path:
    """``spec.syscalls[0]`` as the steps that it is."""
    return tuple(key or int(index) for key, index in _STEP.findall(text))
