"""Serving without a certificate of one's own: an authority and a leaf, kept in a folder and reused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from certs import authority, renewal, stores
from certs.authority import Authority, Leaf
from certs.names import Names
from certs.places import Refused

# Whoever publishes this authority does it by hand: it must not end often.
AUTHORITY_LIFETIME: Final = timedelta(days=5 * 365)
LEAF_LIFETIME: Final = timedelta(days=90)

LOCAL: Final = Names.parse(["localhost", "127.0.0.1", "::1"])
"""What is always vouched for, so that one can try the server where it runs."""

_IN_CLUSTERS = "svc"
_AUTHORITY, _AUTHORITY_KEY = "ca.crt", "ca.key"
_LEAF, _LEAF_KEY = "tls.crt", "tls.key"
_FILES = (_AUTHORITY, _AUTHORITY_KEY, _LEAF, _LEAF_KEY)


@dataclass(frozen=True, slots=True)
class SelfSigned:
    """What a folder now holds; ``made`` gives every reason why something had to be made new."""

    folder: Path
    authority: Path
    fingerprint: str
    names: Names
    ends: datetime
    authority_is_new: bool
    made: tuple[str, ...]


def self_signed(folder: Path, names: Names, *, now: datetime) -> SelfSigned:
    """See to it that *folder* holds a serving certificate for *names*, valid at *now*, and its authority.

    What is there and will do is kept. An authority that is still valid is never replaced.
    Raises Refused where that, or the folder, stands in the way.
    """
    wanted = Names(
        tuple(dict.fromkeys(names.hosts + LOCAL.hosts)),
        tuple(dict.fromkeys(names.addresses + LOCAL.addresses)),
    )
    with stores.locked(folder):
        files = stores.load(folder, _FILES)
        kept = _authority_in(folder, files, now)
        signer = kept or authority.create(_may_be_vouched_for(wanted), now=now, lifetime=AUTHORITY_LIFETIME)
        if (beyond := authority.beyond(signer.certificate, wanted)) != Names():
            raise Refused(
                f"{folder / _AUTHORITY}: this authority may not vouch for {beyond}; name another folder, "
                "or remove this one and publish the new authority where this one is trusted"
            )
        leaf = _leaf_in(files)
        made = tuple(renewal.reasons(renewal.Kept(signer, leaf, wanted, now)))
        if kept is None:
            made = ("there was no valid authority", *made)
        if made or leaf is None:
            leaf = authority.issue(signer, wanted, now=now, lifetime=LEAF_LIFETIME)
            stores.save(folder, _written(signer, leaf))
    return SelfSigned(
        folder=folder,
        authority=folder / _AUTHORITY,
        fingerprint=authority.fingerprint(signer.certificate),
        names=authority.names_in(leaf.certificate),
        ends=leaf.certificate.not_valid_after_utc,
        authority_is_new=kept is None,
        made=made,
    )


def _may_be_vouched_for(wanted: Names) -> Names:
    # Names of services are added without being asked for: they are what the API server will use.
    return Names((*wanted.hosts, _IN_CLUSTERS), wanted.addresses)


def _authority_in(folder: Path, files: dict[str, bytes], now: datetime) -> Authority | None:
    """The authority that *files* hold, or None where there is none or it has ended. Raises Refused."""
    if _AUTHORITY not in files:
        return None
    anew = f"remove {folder} to start anew, and publish the new authority where this one is trusted"
    try:
        certificate = x509.load_pem_x509_certificate(files[_AUTHORITY])
    except ValueError as error:
        raise Refused(f"{folder / _AUTHORITY}: not a certificate ({error}); {anew}") from error
    if certificate.not_valid_after_utc <= now:
        return None
    if now < certificate.not_valid_before_utc:
        raise Refused(
            f"{folder / _AUTHORITY}: valid only from {certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC; "
            f"is the clock right? If it is, {anew}"
        )
    key = _key(files.get(_AUTHORITY_KEY, b""))
    if key is None or key.public_key() != certificate.public_key():
        raise Refused(f"{folder / _AUTHORITY_KEY}: not the key of {_AUTHORITY}; put it back, or {anew}")
    return Authority(certificate, key)


def _leaf_in(files: dict[str, bytes]) -> Leaf | None:
    key = _key(files.get(_LEAF_KEY, b""))
    try:
        certificate = x509.load_pem_x509_certificate(files.get(_LEAF, b""))
    except ValueError:
        return None
    return Leaf(certificate, key) if key else None


def _key(pem: bytes) -> ec.EllipticCurvePrivateKey | None:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        return None
    return key if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _written(signer: Authority, leaf: Leaf) -> dict[str, bytes]:
    return {
        _AUTHORITY: signer.certificate.public_bytes(Encoding.PEM),
        _AUTHORITY_KEY: _pem(signer.key),
        _LEAF: leaf.certificate.public_bytes(Encoding.PEM),
        _LEAF_KEY: _pem(leaf.key),
    }


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
