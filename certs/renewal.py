"""Why a certificate is due: a list of functions over what is kept, each naming one reason.

The clock is an argument; what is due is decided here and made elsewhere.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from cryptography import x509

from certs.authority import Authority, Leaf, beyond, names_in
from certs.names import Names

RENEWED_AT: Final = 2 / 3
"""Of a life, as cert-manager does: a third is left for whoever must notice that renewal fails."""
_JITTER: Final = 1 / 15
_STEPS: Final = 1 << 16


class Kept(NamedTuple):
    """What is kept of a leaf, seen at a moment, for the names it is to vouch for."""

    authority: Authority
    leaf: Leaf | None
    names: Names
    now: datetime
    renewed_at: float = RENEWED_AT


class Signing(NamedTuple):
    """An authority seen at a moment, for the names and the length of the leaves that it is to sign."""

    certificate: x509.Certificate
    names: Names
    leaf: timedelta
    now: datetime


Reason = Callable[[Kept, Leaf], str | None]
AuthorityReason = Callable[[Signing], str | None]


def jittered(certificate: x509.Certificate) -> float:
    """When in its life *certificate* is renewed: between 60 % and two thirds, as its serial falls.

    Clusters that were set up at once are so not renewed at once; nobody must remember a number for it.
    """
    return RENEWED_AT - _JITTER * (certificate.serial_number % _STEPS) / _STEPS


def due_at(certificate: x509.Certificate, part: float) -> datetime:
    """The moment at which *part* of the life of *certificate* is over."""
    starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return starts + (ends - starts) * part


def authority_reasons(signing: Signing) -> Iterator[str]:
    """Every reason to let another authority follow, in words; none when this one will do."""
    for reason in AUTHORITY_REASONS:
        if words := reason(signing):
            yield words


def reasons(kept: Kept) -> Iterator[str]:
    """Every reason to issue a new leaf, in words; none when the kept one will do."""
    if kept.leaf is None:
        yield "there was no serving certificate"
        return
    for reason in REASONS:
        if words := reason(kept, kept.leaf):
            yield words


def _key_is_another(_kept: Kept, leaf: Leaf) -> str | None:
    matches = leaf.certificate.public_key() == leaf.key.public_key()
    return None if matches else "the serving certificate and its key did not belong together"


def _issuer_is_another(kept: Kept, leaf: Leaf) -> str | None:
    try:
        leaf.certificate.verify_directly_issued_by(kept.authority.certificate)
    except Exception:  # noqa: BLE001 - whatever is wrong with the signature, the leaf is not ours
        return "the serving certificate was not of this authority"
    return None


def _names_are_missing(kept: Kept, leaf: Leaf) -> str | None:
    missing = kept.names.without(names_in(leaf.certificate))
    return f"the serving certificate lacked {missing}" if missing != Names() else None


def _is_not_valid_yet(kept: Kept, leaf: Leaf) -> str | None:
    starts = leaf.certificate.not_valid_before_utc
    return f"the serving certificate was valid only from {starts:%Y-%m-%d}" if kept.now < starts else None


def _is_old(kept: Kept, leaf: Leaf) -> str | None:
    ends = leaf.certificate.not_valid_after_utc
    last_possible = ends >= kept.authority.certificate.not_valid_after_utc
    due = due_at(leaf.certificate, kept.renewed_at)
    if kept.now < due or (last_possible and kept.now < ends):
        return None
    return f"the serving certificate ends at {ends:%Y-%m-%d}"


REASONS: Final[tuple[Reason, ...]] = (
    _key_is_another,
    _issuer_is_another,
    _names_are_missing,
    _is_not_valid_yet,
    _is_old,
)


def _authority_is_old(signing: Signing) -> str | None:
    due = due_at(signing.certificate, jittered(signing.certificate))
    ends = signing.certificate.not_valid_after_utc
    return f"the authority ends at {ends:%Y-%m-%d}" if signing.now >= due else None


def _authority_outlives_no_leaf(signing: Signing) -> str | None:
    ends = signing.certificate.not_valid_after_utc
    return None if signing.now + signing.leaf <= ends else "a new leaf would outlive the authority"


def _authority_is_not_for_these(signing: Signing) -> str | None:
    strange = beyond(signing.certificate, signing.names)
    return f"the authority may not vouch for {strange}" if strange != Names() else None


AUTHORITY_REASONS: Final[tuple[AuthorityReason, ...]] = (
    _authority_is_old,
    _authority_outlives_no_leaf,
    _authority_is_not_for_these,
)
