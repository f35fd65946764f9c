"""Images for the node: the shipped one, and a shell for what is tried on it."""

import subprocess
import tarfile
from pathlib import Path
from typing import Final

from tests.e2e.binaries import program
from tools.image.__main__ import make
from tools.image.archive import add, add_folder

REPOSITORY: Final = "registry.local/seccomp-webhook"
TAG: Final = "1"
_made: dict[Path, Path] = {}


def shipped(folder: Path) -> Path:
    """The image that is shipped, as an archive in *folder*: made once."""
    if folder not in _made:
        _made[folder] = make(folder / "seccomp-webhook.tar", f"{REPOSITORY}:{TAG}")
    return _made[folder]


def busybox(archive: tarfile.TarFile) -> None:
    """A static busybox, with all its names."""
    shell = program("busybox")
    listed = subprocess.run([shell, "--list"], capture_output=True, text=True, check=True)  # noqa: S603 - installed
    for name in ("bin", "etc", "proc", "sys", "dev"):
        add_folder(archive, name)
    add_folder(archive, "tmp", 0o1777)
    add(archive, "etc/passwd", b"root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n")
    add(archive, "bin/busybox", shell.read_bytes(), 0o755)
    for name in set(listed.stdout.split()) - {"busybox"}:
        link = tarfile.TarInfo(f"bin/{name}")
        link.type, link.linkname = tarfile.SYMTYPE, "busybox"
        archive.addfile(link)
