"""What is in the image and under which license: a bill of materials.

Source: CycloneDX 1.6, JSON format; package URL specification. It has no time and no random number: the same
files have the same bill.
"""

import json
import platform
import shutil
import subprocess
from collections.abc import Iterable
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any, Final, NamedTuple

from packaging.utils import canonicalize_name

from tools.image.distributions import PROGRAM


class Origins(NamedTuple):
    """The files that are from packages of the system."""

    files: tuple[Path, ...]


_LICENSES: Final = ("License-Expression", "License")
_LONGEST_LICENSE: Final = 80


def bill(installed: Iterable[Distribution], origins: Origins) -> bytes:
    """The bill of *installed*, the interpreter, and the packages of the system that *origins* are from."""
    components = [_distribution(each) for each in installed]
    program = next(each for each in components if each["name"] == PROGRAM)
    rest = [each for each in components if each is not program]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**program, "type": "application"}},
        "components": [*rest, _interpreter(), *_packages(origins)],
    }
    return (json.dumps(document, indent=1, sort_keys=True) + "\n").encode()


def _distribution(installed: Distribution) -> dict[str, Any]:
    name, version = canonicalize_name(installed.metadata["Name"]), installed.version
    told = [installed.metadata[key] for key in _LICENSES if key in installed.metadata]
    found = told[0] if told else ""
    component = _component(name, version, f"pkg:pypi/{name}@{version}")
    if found and "\n" not in found and len(found) <= _LONGEST_LICENSE:
        component["licenses"] = [{"license": {"name": found}}]
    return component


def _interpreter() -> dict[str, Any]:
    version = platform.python_version()
    component = _component("python", version, f"pkg:generic/python@{version}")
    return {**component, "licenses": [{"license": {"id": "Python-2.0.1"}}]}


def _packages(origins: Origins) -> list[dict[str, Any]]:
    """The packages of Debian that own the files, where this is a Debian."""
    if not shutil.which("dpkg-query"):
        return [_component(each.name, "", f"pkg:generic/{each.name}") for each in origins.files]
    # Debian merged /lib into /usr/lib, and knows files by either name.
    names = {str(name) for file in origins.files for name in (file, file.resolve())}
    names |= {name.removeprefix("/usr") for name in names}
    found = subprocess.run(  # noqa: S603 - names of files
        ["dpkg-query", "--search", *sorted(names)],  # noqa: S607 - Debian's
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    owners = {line.split(":")[0] for line in found.stdout.splitlines()}
    shown = "${Package}\t${Version}\t${Architecture}\n"
    listed = subprocess.run(  # noqa: S603 - names of packages
        ["dpkg-query", "--show", f"--showformat={shown}", *sorted(owners)],  # noqa: S607 - Debian's
        capture_output=True, text=True, check=bool(owners),
    )  # fmt: skip
    lines = [line.split("\t") for line in listed.stdout.splitlines()] if owners else []
    return [
        _component(name, version, f"pkg:deb/debian/{name}@{version}?arch={architecture}")
        for name, version, architecture in lines
    ]


def _component(name: str, version: str, purl: str) -> dict[str, Any]:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
