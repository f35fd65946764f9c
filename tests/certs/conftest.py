"""A moment in time, names, and openssl as the judge of what was made."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate

from certs.names import Names

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def names() -> Names:
    return Names.parse(["hook.security.svc", "10.1.2.3"])


Verify = Callable[..., str]


@pytest.fixture
def verify(tmp_path: Path) -> Verify:
    """What ``openssl verify`` says of a leaf at a moment: empty when all is well."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")

    def judge(authority: Certificate, leaf: Certificate, at: datetime, *options: str) -> str:
        trusted, shown = tmp_path / "trusted.pem", tmp_path / "shown.pem"
        trusted.write_bytes(authority.public_bytes(Encoding.PEM))
        shown.write_bytes(leaf.public_bytes(Encoding.PEM))
        moment = ("-attime", str(int(at.timestamp())))
        done = subprocess.run(  # noqa: S603 - a fixed program with paths of this test
            [openssl, "verify", "-x509_strict", "-purpose", "sslserver", *moment, *options,
             "-CAfile", trusted, shown],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return "" if done.returncode == 0 else done.stderr

    return judge
