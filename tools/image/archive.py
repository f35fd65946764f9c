"""Images as OCI archives: ``ctr images import``, ``docker load`` and ``skopeo copy oci-archive:`` take them.

Source: the OCI image format specification, "Image Layout", "Image Manifest" and "Image Configuration". The
same files make the same bytes.
"""

import gzip
import hashlib
import io
import json
import platform
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

Layer = Callable[[tarfile.TarFile], None]
"""Adds files to a layer."""

_MEDIA: Final = "application/vnd.oci.image."
_ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}


def write_archive(place: Path, reference: str, layers: Sequence[Layer], settings: dict[str, Any]) -> Path:
    """An archive at *place* of an image called *reference*; *settings* is the ``config`` of its processes."""
    blobs: dict[str, bytes] = {}

    def blob(data: bytes, media: str) -> dict[str, Any]:
        digest = _digest(data)
        blobs[f"blobs/{digest.replace(':', '/')}"] = data
        return {"mediaType": f"{_MEDIA}{media}", "digest": digest, "size": len(data)}

    unpacked = [_tar(layer) for layer in layers]
    parts = [blob(gzip.compress(layer, compresslevel=6, mtime=0), "layer.v1.tar+gzip") for layer in unpacked]
    config = {
        "architecture": _ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": [_digest(layer) for layer in unpacked]},
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{_MEDIA}manifest.v1+json",
        "config": blob(_json(config), "config.v1+json"),
        "layers": parts,
    }
    described = blob(_json(manifest), "manifest.v1+json")
    described["annotations"] = {
        "io.containerd.image.name": reference,
        "org.opencontainers.image.ref.name": reference.rpartition(":")[2],
    }
    with tarfile.open(place, "w") as archive:
        add(archive, "oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
        add(archive, "index.json", _json({"schemaVersion": 2, "manifests": [described]}))
        for name, data in blobs.items():
            add(archive, name, data)
    return place


def folder(root: Path) -> Layer:
    """All that is below *root*: nobody's, of no time, and for everyone to read."""

    def fill(archive: tarfile.TarFile) -> None:
        for path in sorted(root.rglob("*")):
            entry = archive.gettarinfo(path, path.relative_to(root).as_posix())
            entry.uid = entry.gid = entry.mtime = 0
            entry.uname = entry.gname = ""
            executable = entry.isdir() or entry.mode & 0o100
            entry.mode = 0o1777 if entry.name == "tmp" else 0o755 if executable else 0o644
            if entry.isfile():
                with path.open("rb") as file:
                    archive.addfile(entry, file)
            else:
                archive.addfile(entry)

    return fill


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


def _tar(layer: Layer) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        layer(archive)
    return buffer.getvalue()


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
