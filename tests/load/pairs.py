"""Certificates to rotate through: new authorities and old ones, of both kinds of keys."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

_KEYS = 4
"""Keys of RSA take long to make, so that there are few: certificates are new each time."""


class Pair(NamedTuple):
    """A certificate and its key, and the authority that vouches for it, in PEM."""

    authority: bytes
    certificate: bytes
    key: bytes
    key_first: bool


def new_pair() -> Iterator[Pair]:
    """One after the other; every fifth has a new authority, every other an RSA key."""
    rsa_keys = [rsa.generate_private_key(65537, 2048) for _ in range(_KEYS)]
    authority = None
    for number in count():
        if authority is None or number % 5 == 0:
            authority = _authority(number)
        certificate, key = authority
        leaf_key = rsa_keys[number % _KEYS] if number % 2 else ec.generate_private_key(ec.SECP256R1())
        leaf = (
            _builder(f"leaf {number}", certificate.subject, leaf_key.public_key())
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .sign(key, SHA256())
        )
        yield Pair(
            certificate.public_bytes(Encoding.PEM),
            leaf.public_bytes(Encoding.PEM),
            leaf_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            number % 7 < 3,
        )


def _authority(number: int) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"authority {number}")])
    certificate = (
        _builder(f"authority {number}", name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    return certificate, key


def _builder(
    name: str, issuer: x509.Name, key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
    )
