"""When a certificate begins and ends, read from its bytes: a library would cost every process 8 MiB.

Source: RFC 5280 section 4.1: Certificate, TBSCertificate, Validity; X.690 for how they are encoded.
"""

import ssl
from datetime import UTC, datetime
from typing import Final, NamedTuple

_SEQUENCE: Final = 0x30
_VERSION: Final = 0xA0
_UTC_TIME: Final = 0x17
_GENERALIZED_TIME: Final = 0x18
_LONG_LENGTH: Final = 0x80
_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_END: Final = "-----END CERTIFICATE-----"


class Validity(NamedTuple):
    """The first and the last moment of a certificate."""

    begins: datetime
    ends: datetime


def validity_of(pem: bytes) -> Validity:
    """The validity of the first certificate in *pem*. Raises ValueError where there is none."""
    _, begin, rest = pem.decode("ascii", "replace").partition(_BEGIN)
    body, end, _ = rest.partition(_END)
    if not (begin and end):
        raise ValueError("there is no certificate in it")
    der = ssl.PEM_cert_to_DER_cert(begin + body + end)
    try:
        certificate = _element(der, 0)
        signed = _element(der, certificate.start)
        field = _element(der, signed.start)
        if field.tag == _VERSION:
            field = _element(der, field.end)
        # The serial number is behind us; the algorithm, the issuer, and then the validity.
        for _ in range(3):
            field = _element(der, field.end)
        not_before = _element(der, field.start)
        not_after = _element(der, not_before.end)
        shape = (certificate.tag, signed.tag, field.tag)
    except IndexError as error:
        raise ValueError("the certificate is cut off") from error
    if shape != (_SEQUENCE,) * 3 or not {not_before.tag, not_after.tag} <= _FORMATS.keys():
        raise ValueError("the certificate is not built as one")
    return Validity(_time(der, not_before), _time(der, not_after))


# A time before 1950 cannot be written with two digits of a year; strptime turns at 1969.
_FORMATS: Final = {_UTC_TIME: "%y%m%d%H%M%SZ", _GENERALIZED_TIME: "%Y%m%d%H%M%SZ"}


class _Element(NamedTuple):
    """A tag, and where its content starts and ends."""

    tag: int
    start: int
    end: int


def _time(der: bytes, element: _Element) -> datetime:
    written = der[element.start : element.end].decode("ascii", "replace")
    return datetime.strptime(written, _FORMATS[element.tag]).replace(tzinfo=UTC)


def _element(der: bytes, at: int) -> _Element:
    """The element at *at*. Raises IndexError beyond the end."""
    length, start = der[at + 1], at + 2
    if length & _LONG_LENGTH:
        digits = length & ~_LONG_LENGTH
        length, start = int.from_bytes(der[start : start + digits]), start + digits
    if start + length > len(der):
        raise IndexError
    return _Element(der[at], start, start + length)
