"""What is installed for the program, and nothing else: it, what it requires, and so on.

Source: Python Packaging User Guide, "Recording installed projects" and "Core metadata".
"""

from collections.abc import Iterator
from importlib.metadata import Distribution, PackagePath, distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROGRAM: Final = "seccomp-webhook"
OUR_PACKAGES: Final = ("webhook", "certs")

_LEFT_OUT: Final = frozenset({"__pycache__", "test", "tests"})
# Half of the Kubernetes client, 60 MB with what it requires, is for programs of another kind.
_UNUSED_FOLDER: Final = "kubernetes/aio/"
_KEPT: Final = frozenset({"METADATA", "entry_points.txt", "LICENSE"})
_UNUSED: Final = frozenset({"aiohttp", "aiohttp-retry"})


def needed() -> list[Distribution]:
    """The distributions that the program needs, itself among them, by name. Raises PackageNotFoundError."""
    found: dict[str, Distribution] = {}
    asked = [PROGRAM]
    while asked:
        name = canonicalize_name(asked.pop())
        if name not in found:
            found[name] = distribution(name)
            requirements = [Requirement(each) for each in found[name].requires or ()]
            asked += [each.name for each in requirements if _applies(each) and each.name not in _UNUSED]
    return [found[name] for name in sorted(found)]


def files_of(installed: Distribution) -> Iterator[tuple[str, Path]]:
    """The files of a distribution: where they go below ``site-packages``, and where they are.

    Scripts are left out, for their first line names an interpreter of this machine, and so are tests.
    """
    if canonicalize_name(installed.metadata["Name"]) == PROGRAM:
        yield from _ours(installed)
        return
    for path in installed.files or ():
        if _is_wanted(path):
            yield path.as_posix(), Path(str(path.locate()))


def _ours(installed: Distribution) -> Iterator[tuple[str, Path]]:
    """Our own files, from where they are imported: they may be installed as editable."""
    for name in OUR_PACKAGES:
        folder = Path(str(__import__(name).__file__)).parent
        for file in sorted(folder.rglob("*")):
            if file.is_file() and not _LEFT_OUT & {*file.parts}:
                yield f"{name}/{file.relative_to(folder).as_posix()}", file
    for path in installed.files or ():
        if path.parent.name.endswith(".dist-info") and path.name in _KEPT:
            yield f"{path.parent.name}/{path.name}", Path(str(path.locate()))


def _is_wanted(path: PackagePath) -> bool:
    if path.as_posix().startswith(_UNUSED_FOLDER):
        return False
    # What is above site-packages is a script or a manual page.
    return not ({*_LEFT_OUT, ".."} & {*path.parts} or path.suffix in {".pyc", ".pyi", ".pth"})


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})
