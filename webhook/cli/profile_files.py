"""Files, folders and standard input, as the bytes of profiles."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from webhook.manifests.malformed import Malformed
from webhook.manifests.sources import STANDARD_INPUT, Source, Unusable, blocks, reason, sources
from webhook.reports.verdict import Problem

LARGEST: Final = 16 << 20
"""More is not read. Source: no runtime sets a limit; the longest filter the kernel takes is a hundredth."""

_OBJECT: Final = b"SeccompProfile"


class ProfileFile(NamedTuple):
    """What a file holds."""

    name: str
    content: bytes


def profile_files(paths: Iterable[str]) -> Iterator[ProfileFile | Problem]:
    """The files that *paths* stand for; of a folder what is JSON, and YAML with a SeccompProfile."""
    for path in paths:
        for source in sources(path):
            if isinstance(source, Unusable):
                yield Problem(source.name, None, source.problem)
                continue
            found = profile_file(source)
            if isinstance(found, Problem) or source.is_named or _is_profile(found):
                yield found


def profile_file(source: Source) -> ProfileFile | Problem:
    """What *source* holds, or why it cannot be read."""
    content = bytearray()
    try:
        for block in blocks(source):
            content += block
            if len(content) > LARGEST:
                return Problem(source.name, 1, f"more than {LARGEST >> 20} MiB: this is no profile")
    except Malformed as malformed:
        return Problem(source.name, malformed.line, malformed.problem)
    except (OSError, ValueError) as error:
        return Problem(source.name, None, reason(error))
    return ProfileFile(source.name, bytes(content))


def one_file(path: str) -> ProfileFile | Problem:
    """The file *path*, or standard input for ``-``."""
    if path == STANDARD_INPUT:
        return profile_file(Source(path, is_named=True))
    found = list(profile_files([path]))
    return found[0] if len(found) == 1 else Problem(path, None, "name one file, not a folder")


def _is_profile(file: ProfileFile) -> bool:
    return file.name.lower().endswith(".json") or _OBJECT in file.content
