"""Why a certificate is due: a list of functions over what is kept, each naming one reason.

The clock is an argument; what is due is decided here and made elsewhere.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from certs.authority import Authority, Leaf, names_in
from certs.names import Names

_RENEWED_AT = 2 / 3
"""Of a leaf's life, as cert-manager does: a third is left for whoever must notice that renewal fails."""


class Kept(NamedTuple):
    """What is kept of a leaf, seen at a moment, for the names it is to vouch for."""

    authority: Authority
    leaf: Leaf | None
    names: Names
    now: datetime


Reason = Callable[[Kept, Leaf], str | None]


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
    held = names_in(leaf.certificate)
    missing = Names(
        tuple(host for host in kept.names.hosts if host not in held.hosts),
        tuple(address for address in kept.names.addresses if address not in held.addresses),
    )
    return f"the serving certificate lacked {missing}" if missing != Names() else None


def _is_not_valid_yet(kept: Kept, leaf: Leaf) -> str | None:
    starts = leaf.certificate.not_valid_before_utc
    return f"the serving certificate was valid only from {starts:%Y-%m-%d}" if kept.now < starts else None


def _is_old(kept: Kept, leaf: Leaf) -> str | None:
    starts, ends = leaf.certificate.not_valid_before_utc, leaf.certificate.not_valid_after_utc
    last_possible = ends >= kept.authority.certificate.not_valid_after_utc
    due = starts + (ends - starts) * _RENEWED_AT
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
