"""Reviews taken from an API server that shows a certificate, and from nobody else."""

import shutil
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Review = Callable[..., bytes]
# The fixtures' class, which tests cannot import.
Server = Any
Run = Any

NAME = "kube-apiserver"
JSON = {"Content-Type": "application/json"}


class ClientAuthority:
    """An authority of client certificates in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(f"authority of {folder.name}")
        self.certificate = folder / "ca.crt"
        signed = self._signed(self._name, self._key, [x509.BasicConstraints(ca=True, path_length=None)])
        self.certificate.write_bytes(signed.public_bytes(Encoding.PEM))

    def issue(self, common_name: str, *alternatives: x509.GeneralName, days: int = 1) -> Path:
        """A file with a certificate of that name and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        extensions: list[x509.ExtensionType] = [
            x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.CLIENT_AUTH]),
        ]
        if alternatives:
            extensions.append(x509.SubjectAlternativeName(alternatives))
        signed = self._signed(_named(common_name), key, extensions, days)
        file = self._folder / f"{len(list(self._folder.iterdir()))}.pem"
        file.write_bytes(
            signed.public_bytes(Encoding.PEM)
            + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        return file

    def _signed(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        extensions: list[x509.ExtensionType],
        days: int = 1,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=2))
            .not_valid_after(now + timedelta(days=days))
        )
        for each in extensions:
            builder = builder.add_extension(each, critical=False)
        return builder.sign(self._key, SHA256())


def _named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> ClientAuthority:
    return ClientAuthority(tmp_path_factory.mktemp("clients") / "ours")


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> ClientAuthority:
    return ClientAuthority(tmp_path_factory.mktemp("clients") / "foreign")


@pytest.fixture
def verifying(run: Run, authority: ClientAuthority, tmp_path: Path) -> Iterator[Server]:
    served = tmp_path / "clients.crt"
    shutil.copy(authority.certificate, served)
    with run(client_authority=str(served), client_names=[NAME, "spiffe://cluster/api"]) as server:
        yield server


def client(server: Server, shown: Path | None) -> HTTPSConnection:
    context = ssl.create_default_context(cafile=server.folder / "tls" / "ca.crt")
    if shown:
        context.load_cert_chain(shown)
    return HTTPSConnection("localhost", server.port, timeout=20, context=context)


def status_of(
    server: Server, shown: Path | None, body: bytes, path: str = "/validate", method: str = "POST"
) -> int:
    with closing(client(server, shown)) as connection:
        connection.request(method, path, body or None, JSON if body else {})
        response = connection.getresponse()
        response.read()
        return response.status


def refused(server: Server, shown: Path) -> bool:
    """Whether hands are not shaken; in TLS 1.3 a client hears of it when it first reads."""
    try:
        status_of(server, shown, b"", "/livez", "GET")
    except (ssl.SSLError, ConnectionError):
        return True
    return False


def test_without_a_certificate_probes_are_answered_and_reviews_are_not(
    verifying: Server, new_review: Review
) -> None:
    assert [status_of(verifying, None, b"", path, "GET") for path in ("/livez", "/readyz", "/metrics")] == [
        200
    ] * 3
    assert status_of(verifying, None, new_review()) == 403
    assert status_of(verifying, None, b"", "/validate", "GET") == 405
    (line,) = verifying.wait_for("refused", having="POST /validate")
    assert line["message"].endswith("a client certificate is needed that names an API server")
    assert [line for line in verifying.lines if line["event"] == "decision"] == []


@pytest.mark.parametrize(
    ("names", "status"),
    [
        ([NAME], 200),
        (["other"], 403),
        (["kube-apiserver.evil"], 403),
        (["KUBE-APISERVER"], 403),
        (["other", x509.DNSName(NAME)], 200),
        (["other", x509.UniformResourceIdentifier("spiffe://cluster/api")], 200),
        (["other", x509.DNSName("elsewhere")], 403),
    ],
    ids=str,
)
def test_the_right_authority_is_not_enough_without_a_right_name(
    verifying: Server, authority: ClientAuthority, new_review: Review, names: list[Any], status: int
) -> None:
    shown = authority.issue(*names)

    assert status_of(verifying, shown, new_review()) == status
    assert status_of(verifying, shown, b"", "/livez", "GET") == 200


def test_who_shows_what_does_not_verify_is_not_spoken_to(
    verifying: Server, authority: ClientAuthority, foreign: ClientAuthority
) -> None:
    assert refused(verifying, foreign.issue(NAME))
    assert refused(verifying, authority.issue(NAME, days=-1))
    verifying.wait_for("handshake", 2, having="certificate verify failed")
    assert not refused(verifying, authority.issue(NAME))


def test_tls_1_2_is_verified_as_well(
    verifying: Server, authority: ClientAuthority, foreign: ClientAuthority
) -> None:
    for shown, is_right in ((authority.issue(NAME), True), (foreign.issue(NAME), False)):
        context = ssl.create_default_context(cafile=verifying.folder / "tls" / "ca.crt")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(shown)
        with socket.create_connection(("127.0.0.1", verifying.port), timeout=20) as plain:
            if is_right:
                context.wrap_socket(plain, server_hostname="localhost").close()
            else:
                with pytest.raises((ssl.SSLError, ConnectionError)):
                    context.wrap_socket(plain, server_hostname="localhost")


def test_another_authority_holds_for_new_connections(
    verifying: Server, authority: ClientAuthority, foreign: ClientAuthority, new_review: Review
) -> None:
    before, after = authority.issue(NAME), foreign.issue(NAME)
    with closing(client(verifying, before)) as kept:
        kept.request("POST", "/validate", new_review(), JSON)
        assert kept.getresponse().read()
        served = Path(verifying.folder) / "clients.crt"
        shutil.copy(foreign.certificate, served.with_suffix(".new")).replace(served)
        verifying.wait_for("certificate", having="verified by a new authority")

        assert status_of(verifying, after, new_review()) == 200
        assert refused(verifying, before)
        kept.request("POST", "/validate", new_review(), JSON)
        assert kept.getresponse().status == 200


def test_an_authority_that_is_none_leaves_the_last_good_one(
    verifying: Server, authority: ClientAuthority, new_review: Review
) -> None:
    (Path(verifying.folder) / "clients.crt").write_text("no certificate")
    verifying.wait_for("certificate", having="the last good certificate stays")

    assert status_of(verifying, authority.issue(NAME), new_review()) == 200
    assert status_of(verifying, None, new_review()) == 403
