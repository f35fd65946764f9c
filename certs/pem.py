"""Certificates and keys as text. PURE.

Source: RFC 7468, of which Kubernetes takes the labels CERTIFICATE and PRIVATE KEY.
"""

from collections.abc import Iterable
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

_BEGIN: Final = b"-----BEGIN "


def certificates(text: bytes) -> tuple[x509.Certificate, ...]:
    """All certificates of *text*, which holds nothing else. Raises ValueError, also for none."""
    try:
        found = x509.load_pem_x509_certificates(text)
    except ValueError as error:
        raise ValueError("no certificates in PEM") from error
    # A block that was cut off is passed over in silence, and its authority with it.
    if len(found) != text.count(_BEGIN):
        raise ValueError("one of its blocks is no whole certificate")
    return tuple(found)


def certificate(text: bytes) -> x509.Certificate:
    """The first certificate of *text*. Raises ValueError."""
    return certificates(text)[0]


def key(text: bytes) -> ec.EllipticCurvePrivateKey:
    """The private key that *text* is. Raises ValueError where it is none of ours."""
    try:
        found = load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("no private key in PEM that is open") from error
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise ValueError("not an ECDSA key")  # noqa: TRY004 - what is wrong is the text
    return found


def written(all_of_them: Iterable[x509.Certificate]) -> bytes:
    """The certificates as text, one after the other."""
    return b"".join(each.public_bytes(Encoding.PEM) for each in all_of_them)


def written_key(private: ec.EllipticCurvePrivateKey) -> bytes:
    """The key as text, not encrypted."""
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
