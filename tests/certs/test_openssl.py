"""``openssl verify`` agrees with what the laws go by, on every pair of leaf and bundle of one rotation."""

import subprocess
from datetime import datetime
from pathlib import Path
from shutil import which

import pytest

from tests.certs.simulation import CONFIGURATIONS, NAME, World, believes

DAY = 86400


def openssl(folder: Path, bundle: bytes, leaf: bytes, moment: datetime) -> bool:
    program = which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    (folder / "bundle").write_bytes(bundle)
    (folder / "leaf").write_bytes(leaf)
    done = subprocess.run(  # noqa: S603 - a fixed program with paths of this test
        [
            program, "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", NAME,
            "-attime", str(int(moment.timestamp())), "-CAfile", folder / "bundle", folder / "leaf",
        ],
        capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


def test_openssl_believes_the_same_leaves(tmp_path: Path) -> None:
    world = World((0, 0, 0))
    world.others_write(CONFIGURATIONS[0], {"a": b""})
    world.round(0)
    world.round(0, asked=frozenset({"ca"}))
    for _ in range(4):
        world.advance(100)
        world.round(0)
    for _ in range(4):
        world.advance(20 * DAY)
        world.round(0)
    leaves = list(dict.fromkeys(each.content["tls.crt"] for each in world.serving.versions))
    bundles = list(dict.fromkeys(each.content["ca.crt"] for each in world.serving.versions))
    assert len(leaves) >= 3
    assert len(bundles) == 3
    verdicts = []
    for moment in (world.clock(-79 * DAY), world.clock(-40 * DAY), world.clock(0)):
        for leaf in leaves:
            for bundle in bundles:
                verdicts.append(believes(bundle, leaf, moment))
                assert openssl(tmp_path, bundle, leaf, moment) == verdicts[-1]
    assert {True, False} == set(verdicts)
