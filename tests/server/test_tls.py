"""Certificates that change while they are served."""

import os
import shutil
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from certs import Names, self_signed
from tests.permissions import permissions_hold
from webhook.server.tls import Credentials, Source, Unusable
from webhook.server.validity import validity_of

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PAIR = ("tls.crt", "tls.key")

Make = Callable[[str], Path]
Said = list[tuple[str, str]]
Load = Callable[[Path], Credentials]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """Makes a folder with a certificate and its key in plain files."""

    def make(name: str) -> Path:
        kept = tmp_path / f"{name}.kept"
        self_signed(kept, Names(), now=NOW)
        folder = tmp_path / name
        folder.mkdir()
        put(kept, folder, *PAIR)
        return folder

    return make


def put(source: Path, target: Path, *files: str) -> None:
    """Put files there one by one, each whole."""
    for file in files:
        shutil.copy(source / file, target / f".{file}").replace(target / file)


class Observer:
    """Remembers what was told."""

    def __init__(self) -> None:
        self.told: Said = []

    def changed(self, ends: datetime) -> None:
        self.told.append(("changed", f"{ends:%Y-%m-%d %H:%M}"))

    def trusts(self) -> None:
        self.told.append(("trusts", ""))

    def kept(self, problem: str) -> None:
        self.told.append(("kept", problem))


@pytest.fixture
def observer() -> Observer:
    return Observer()


@pytest.fixture
def load(observer: Observer) -> Load:
    return lambda folder: Credentials(Source(folder), observer)


def shown_by(context: ssl.SSLContext) -> bytes:
    """The certificate that a client is shown."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    curious = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    curious.check_hostname = False
    curious.verify_mode = ssl.CERT_NONE
    client = curious.wrap_bio(back, there)
    server = context.wrap_bio(there, back, server_side=True)
    for side in (client, server, client, server):
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    return client.getpeercert(binary_form=True) or b""


def served(credentials: Credentials) -> bytes:
    """What is shown after a look at the files."""
    credentials.look()
    return shown_by(credentials.served.context)


def kept_in(folder: Path) -> bytes:
    return ssl.PEM_cert_to_DER_cert((folder / "tls.crt").read_text())


def test_new_files_are_served_and_older_contexts_are_left_alone(
    made: Make, load: Load, observer: Observer
) -> None:
    folder, other = made("served"), made("other")
    first = kept_in(folder)
    credentials = load(folder)
    before = credentials.served.context

    put(other, folder, *PAIR)

    assert served(credentials) == kept_in(other) != first
    assert shown_by(before) == first
    assert credentials.served.context is credentials.served.context
    assert observer.told == [("changed", "2026-05-30 12:00")]


def test_half_of_a_new_pair_is_never_served(made: Make, load: Load, observer: Observer) -> None:
    folder, other = made("served"), made("other")
    first = kept_in(folder)
    credentials = load(folder)

    put(other, folder, "tls.crt")
    halfway = [served(credentials) for _ in range(3)]
    put(other, folder, "tls.key")

    assert halfway == [first] * 3
    assert served(credentials) == kept_in(other)
    assert [what for what, _ in observer.told] == ["kept", "changed"]
    assert observer.told[0][1].endswith(
        "the key is not that of the certificate; the last good certificate stays"
    )


@pytest.mark.parametrize("broken", [b"", b"-----BEGIN CERTIFICATE-----\n", b"\x00\xff" * 1000])
@pytest.mark.parametrize("file", PAIR)
def test_broken_and_missing_files_leave_the_last_good_certificate(
    made: Make, load: Load, observer: Observer, file: str, broken: bytes
) -> None:
    folder = made("served")
    first, whole = kept_in(folder), (folder / file).read_bytes()
    credentials = load(folder)

    (folder / file).write_bytes(broken)
    after_broken = served(credentials)
    (folder / file).unlink()
    after_missing = served(credentials)
    (folder / file).write_bytes(whole)

    assert (after_broken, after_missing, served(credentials)) == (first, first, first)
    assert [what for what, _ in observer.told] == ["kept", "kept", "changed"]


def a_pipe(file: Path) -> None:
    os.mkfifo(file)


def a_folder(file: Path) -> None:
    file.mkdir()


def a_file_without_end(file: Path) -> None:
    file.symlink_to("/dev/zero")


def a_huge_file(file: Path) -> None:
    with file.open("wb") as written:
        written.truncate(1024 * 1024 + 1)


@pytest.mark.parametrize("odd", [a_pipe, a_folder, a_file_without_end, a_huge_file])
@pytest.mark.parametrize("file", PAIR)
def test_what_is_no_file_of_a_certificate_keeps_nobody(
    made: Make, load: Load, observer: Observer, file: str, odd: Callable[[Path], None]
) -> None:
    folder, other = made("served"), made("other")
    first = kept_in(folder)
    credentials = load(folder)

    (folder / file).unlink()
    odd(folder / file)
    meanwhile = served(credentials)
    shutil.rmtree(folder)
    folder.mkdir()
    put(other, folder, *PAIR)

    assert (meanwhile, served(credentials)) == (first, kept_in(other))
    assert [what for what, _ in observer.told] == ["kept", "changed"]


def test_a_mounted_secret_is_read_from_one_generation(made: Make, load: Load, tmp_path: Path) -> None:
    first, second, volume = made("first"), made("second"), tmp_path / "volume"
    volume.mkdir()
    (volume / "..data").symlink_to(first)
    for file in PAIR:
        (volume / file).symlink_to(f"..data/{file}")
    credentials = load(volume)
    before = served(credentials)

    (volume / "..new").symlink_to(second)
    (volume / "..new").replace(volume / "..data")

    assert before == kept_in(first)
    assert served(credentials) == kept_in(second)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda folder: (folder / "tls.crt").unlink(), r"tls\.crt: No such file or directory"),
        (lambda folder: (folder / "tls.key").unlink(), r"tls\.key: No such file or directory"),
        (lambda folder: (folder / "tls.key").write_text(""), r"tls\.crt, .*tls\.key: "),
        (lambda folder: (folder / "tls.crt").write_text("no"), "no certificate and key in PEM"),
        (lambda folder: encrypt(folder / "tls.key"), r"tls\.key: the key is encrypted"),
        (lambda folder: (folder / "tls.key").chmod(0), r"spoilt/tls\.key: Permission denied"),
    ],
)
def test_a_start_without_a_usable_pair_says_what_is_wrong(
    made: Make, load: Load, spoil: Callable[[Path], None], problem: str
) -> None:
    folder = made("spoilt")
    spoil(folder)

    with permissions_hold(), pytest.raises(Unusable, match=problem):
        load(folder)


def encrypt(path: Path) -> None:
    key = load_pem_private_key(path.read_bytes(), None)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")))


def test_a_renewal_is_asked_for_in_time_and_may_fail(
    made: Make, observer: Observer, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, other = made("served"), made("other")
    first, clock, asked = kept_in(folder), [0.0], []
    monkeypatch.setattr("webhook.server.tls.monotonic", lambda: clock[-1])

    def renew() -> None:
        asked.append(clock[-1])
        if len(asked) == 1:
            raise PermissionError(13, "Permission denied")
        put(other, folder, *PAIR)

    credentials = Credentials(Source(folder), observer, renew)
    shown = []
    for moment in (3599.0, 3600.0, 3601.0, 7200.0):
        clock.append(moment)
        shown.append(served(credentials))

    assert asked == [3600.0, 7200.0]
    assert shown == [first, first, first, kept_in(other)]
    assert observer.told[0] == ("kept", "the certificate could not be renewed: [Errno 13] Permission denied")
    assert [what for what, _ in observer.told] == ["kept", "changed"]


def test_a_certificate_is_a_problem_before_it_begins_and_when_it_has_ended(made: Make, load: Load) -> None:
    credentials = load(made("served"))
    begins, ends = credentials.served.validity

    assert credentials.problem(begins - timedelta(seconds=1)) == (
        "the certificate is not valid before 2026-03-01 11:55:00 UTC, and here it is 2026-03-01 11:54:59 UTC"
    )
    assert credentials.problem(begins) is None
    assert credentials.problem(ends - timedelta(seconds=1)) is None
    assert credentials.problem(ends) == (
        "the certificate ended at 2026-05-30 12:00:00 UTC, and here it is 2026-05-30 12:00:00 UTC"
    )


@pytest.mark.parametrize(
    "ends", [datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)]
)
@pytest.mark.parametrize("issuer", ["a", "a" * 64])
def test_the_validity_of_any_certificate_is_read(ends: datetime, issuer: str) -> None:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)] * 5)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW)
        .not_valid_after(ends)
        .sign(key, SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM)

    assert validity_of(pem) == (NOW, ends)
    assert validity_of(b"Bag Attributes: \xff\n" + pem.replace(b"\n", b"\r\n") + pem) == (NOW, ends)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 10, 60, 100])
def test_what_is_cut_off_has_no_validity(made: Make, length: int) -> None:
    whole = kept_in(made("whole"))

    with pytest.raises(ValueError, match="the certificate is"):
        validity_of(ssl.DER_cert_to_PEM_cert(whole[:length]).encode())


def test_what_is_no_certificate_has_no_validity() -> None:
    for pem in (
        b"",
        b"-----BEGIN CERTIFICATE-----",
        b"-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----",
    ):
        with pytest.raises(ValueError, match="no certificate"):
            validity_of(pem)


def test_the_same_certificate_written_again_is_no_news(made: Make, load: Load, observer: Observer) -> None:
    folder = made("served")
    credentials = load(folder)
    before = credentials.served.context

    for file in PAIR:
        (folder / file).write_bytes((folder / file).read_bytes())
    after = served(credentials)

    assert (after, observer.told) == (kept_in(folder), [])
    assert credentials.served.context is not before
