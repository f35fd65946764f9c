"""``python -m tools.image``: the image as an OCI archive, or its files for a Dockerfile.

It is made of the interpreter that runs this, the shared libraries of this machine, and what is installed
beside the interpreter: install what ``constraints.txt`` says, as ``make image`` does.
"""

import argparse
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tools.image.archive import folder, write_archive
from tools.image.files import ENTRY_POINT, SBOM, SITE, USER, fill


def settings() -> dict[str, Any]:
    """How containers of the image run: the one entry point of server, controller and hooks."""
    return {
        "User": f"{USER}:{USER}",
        "WorkingDir": "/",
        "Entrypoint": [ENTRY_POINT],
        "Env": [f"PYTHONPATH=/{SITE}", "PYTHONDONTWRITEBYTECODE=1"],
        "Labels": {"org.opencontainers.image.licenses": "Apache-2.0"},
    }


def make(place: Path, reference: str) -> Path:
    """The image called *reference*, as an archive at *place*, with its bill of materials beside it."""
    with TemporaryDirectory() as scratch:
        layers = fill(Path(scratch))
        write_archive(place, reference, [folder(each) for each in layers], settings())
        shutil.copyfile(layers[1] / SBOM, place.with_suffix(".cdx.json"))
    return place


def main() -> None:
    """Make what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tools.image", description=__doc__)
    parser.add_argument("--reference", default="seccomp-webhook:latest", help="name and tag of the image")
    parser.add_argument("--files", action="store_true", help="write the files of both layers below OUT")
    parser.add_argument("out", type=Path, metavar="OUT", help="the archive, such as build/image.tar")
    asked = parser.parse_args()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    if asked.files:
        fill(asked.out)
        return
    made = make(asked.out, asked.reference)
    print(f"{made}: {asked.reference}, {made.stat().st_size / 1e6:.0f} MB compressed")  # noqa: T201 - a program


if __name__ == "__main__":
    main()
