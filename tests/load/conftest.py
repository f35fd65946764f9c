from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certs import Names, self_signed
from tests.conformance.programs import Unavailable, are_required, build

Certify = Callable[[str], Path]
HERE = Path(__file__).parent


def _built(source: Path) -> Path:
    try:
        return build(source)
    except Unavailable as missing:
        reason = f"no load from a client in Go: {missing}"
        if are_required():
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def load_client() -> Path:
    """The client of the benchmarks."""
    return _built(HERE.parents[1] / "benchmarks" / "serving" / "load")


@pytest.fixture(scope="session")
def api_server_client() -> Path:
    """A client that behaves as the API server does."""
    return _built(HERE / "apiserver")


@pytest.fixture(scope="session")
def certify(tmp_path_factory: pytest.TempPathFactory) -> Certify:
    """Makes a folder with an authority, ``ca.crt``, and a certificate of it for localhost."""

    def made(name: str) -> Path:
        folder = tmp_path_factory.mktemp(name)
        authority = self_signed(folder, Names(), now=datetime.now(UTC)).authority
        if authority != folder / "ca.crt":
            (folder / "ca.crt").write_bytes(authority.read_bytes())
        return folder

    return made


@pytest.fixture(scope="session")
def tls(certify: Certify) -> Path:
    return certify("tls")


@pytest.fixture(scope="session")
def review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("review") / "review.json"
    file.write_bytes(b"{}" * 3000)
    return file
