"""Container images without an image builder: OCI archives, from files that this machine has.

Source: the OCI image format specification, "Image Layout" and "Image Manifest".
"""

import hashlib
import io
import json
import platform
import subprocess
import sys
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from tests.e2e.binaries import program

Layer = Callable[[tarfile.TarFile], None]
"""Adds files to a layer."""

_MEDIA: Final = "application/vnd.oci.image."
_ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}
_LEFT_OUT: Final = frozenset({"__pycache__", "test", "tests", "idlelib", "ensurepip", "pip", "mypy", "mypyc"})


def write_archive(place: Path, reference: str, layers: Sequence[Layer], settings: dict[str, Any]) -> Path:
    """An archive at *place* of an image called *reference*; *settings* is the ``config`` of its processes."""
    blobs: dict[str, bytes] = {}

    def blob(data: bytes, media: str) -> dict[str, Any]:
        digest = hashlib.sha256(data).hexdigest()
        blobs[f"blobs/sha256/{digest}"] = data
        return {"mediaType": f"{_MEDIA}{media}", "digest": f"sha256:{digest}", "size": len(data)}

    parts = [blob(_tar(layer), "layer.v1.tar") for layer in layers]
    config = {
        "architecture": _ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": [part["digest"] for part in parts]},
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{_MEDIA}manifest.v1+json",
        "config": blob(_json(config), "config.v1+json"),
        "layers": parts,
    }
    described = blob(_json(manifest), "manifest.v1+json")
    described["annotations"] = {"io.containerd.image.name": reference}
    index = {"schemaVersion": 2, "manifests": [described]}
    with tarfile.open(place, "w") as archive:
        add(archive, "oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
        add(archive, "index.json", _json(index))
        for name, data in blobs.items():
            add(archive, name, data)
    return place


def add(archive: tarfile.TarFile, name: str, data: bytes, mode: int = 0o644) -> None:
    """A file of *data*."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), mode
    archive.addfile(entry, io.BytesIO(data))


def add_folder(archive: tarfile.TarFile, name: str, mode: int = 0o755) -> None:
    """An empty folder."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, mode
    archive.addfile(entry)


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


def python(archive: tarfile.TarFile) -> None:
    """The interpreter of this process at its own path, its library, and the libraries that these load."""
    interpreter = Path(sys.executable).resolve()
    library = Path(sys.base_prefix, "lib", f"python{sys.version_info.major}.{sys.version_info.minor}")
    _add_tree(archive, interpreter)
    _add_tree(archive, library, leave_out={"site-packages", "dist-packages"})
    _add_libraries(archive, [interpreter, *library.glob("lib-dynload/*.so")])
    add_folder(archive, "tmp", 0o1777)


def packages(source: Path) -> Layer:
    """What is installed for this process, and the packages in *source*, in ``/app``."""

    def fill(archive: tarfile.TarFile) -> None:
        installed = Path(next(path for path in sys.path if path.endswith("site-packages")))
        _add_tree(archive, installed, "app/installed", {"ruff", "hypothesis", "_pytest"})
        _add_libraries(archive, [*installed.rglob("*.so")])
        for name in ("webhook", "certs"):
            _add_tree(archive, source / name, f"app/{name}")

    return fill


def _add_tree(
    archive: tarfile.TarFile, place: Path, name: str = "", leave_out: set[str] | frozenset[str] = frozenset()
) -> None:
    def kept(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        return None if {*_LEFT_OUT, *leave_out} & {Path(entry.name).name} else _plain(entry)

    archive.add(place, name or str(place).lstrip("/"), filter=kept)


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nobody's, of no time, and for everyone to read."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    entry.mode |= 0o555 if entry.isdir() or entry.mode & 0o100 else 0o444
    return entry


def _add_libraries(archive: tarfile.TarFile, programs: Sequence[Path]) -> None:
    """The shared libraries that *programs* load."""
    listed = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=False)  # noqa: S603, S607 - our own files
    words = (word for line in listed.stdout.splitlines() for word in line.split())
    for needed in sorted({word for word in words if word.startswith("/") and not word.endswith(":")}):
        archive.add(Path(needed).resolve(), needed.lstrip("/"), filter=_plain)


def _tar(layer: Layer) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        layer(archive)
    return buffer.getvalue()


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
