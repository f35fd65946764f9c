"""Names of profiles: what none can be called, and which one was perhaps meant."""

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import Final

from webhook.nodes.asked import SECCOMP
from webhook.policy.nearest import nearest

LONGEST: Final = 4095
"""Characters that a path, or the name of an AppArmor profile, may have. Source: path_resolution(7)."""

MOST_COMPARED: Final = 256
"""Names that are compared letter by letter: it is done for who mistyped, while others wait."""

_PREFIX: Final = "localhost/"
_SUFFIX: Final = ".json"
_LONGEST_MISTYPED: Final = 256
_MOST_MEANT: Final = 3


def problem(kind: str, name: str, folder: str) -> str:
    """Why no profile can be called *name*, or the empty text. Seccomp profiles are below *folder*.

    Source: the API server's validation of pods, and the kubelet, which refuses to start a container whose
    ``localhostProfile`` is empty.
    """
    if not name:
        return "localhostProfile must name the profile: without it the container does not start"
    if len(name) > LONGEST:
        return f"no profile has a name of more than {LONGEST:,} characters"
    if kind != SECCOMP:
        return "" if name == name.strip() else "its name begins or ends with a space"
    if name.startswith("/"):
        return f"it must be a path below {folder}, and not start with a slash{_meant(_below(name, folder))}"
    if ".." in name.split("/"):
        return f"it must be a path below {folder}, without .."
    return ""


def suspicion(name: str) -> str:
    """What is odd about *name*, for those who cannot know whether there is such a profile."""
    if name.startswith(_PREFIX):
        return f"{_PREFIX} belongs to annotations of the past: fields name the path without it"
    return ""


def hint(kind: str, name: str, known: Iterable[str]) -> str:
    """A question with the names of *known* that were perhaps meant instead of *name*; or the empty text.

    First what differs by the usual slips, then what differs by letters, of the first names that could.
    """
    if len(name) > _LONGEST_MISTYPED:
        return ""
    names = set(known)
    if name in names:
        return ""
    slips = _slips_of_paths(name) if kind == SECCOMP else _slips_of_names(name)
    meant = [each for each in slips if each in names][:1]
    if not meant and kind == SECCOMP:
        base = _base(name)
        meant = sorted(each for each in names if _base(each) == base)
    if not meant:
        # What all of them end with makes none of them like another.
        stems = {each.removesuffix(_SUFFIX): each for each in _of_like_length(name, names)}
        stem = name.removesuffix(_SUFFIX)
        compared = nsmallest(MOST_COMPARED, stems, key=lambda each: (abs(len(each) - len(stem)), each))
        meant = [stems[each] for each in nearest(stem, compared)]
    return _meant(*meant[:_MOST_MEANT])


def _meant(*names: str) -> str:
    return f"; did you mean {' or '.join(names)}?" if any(names) else ""


def _below(path: str, folder: str) -> str:
    beginning = folder.rstrip("/") + "/"
    return path.removeprefix(beginning) if path.startswith(beginning) else ""


def _slips_of_paths(name: str) -> Iterator[str]:
    bare = name.removeprefix("./").removeprefix(_PREFIX).removeprefix("seccomp/")
    yield bare
    yield bare + _SUFFIX
    yield name + _SUFFIX
    yield name.removesuffix(_SUFFIX)
    yield bare.removesuffix(_SUFFIX)


def _slips_of_names(name: str) -> Iterator[str]:
    yield name.removeprefix(_PREFIX)


def _base(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(_SUFFIX).casefold()


def _of_like_length(name: str, names: Iterable[str]) -> Iterator[str]:
    least, most = len(name) // 2, 2 * len(name)
    return (each for each in names if least <= len(each) <= most)
