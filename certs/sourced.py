"""Certificates of somebody else: their bundle is published, with what it held before. PURE."""

from collections.abc import Iterator
from typing import Final

from certs.authority import SKEW
from certs.rotation import Mode, Seen, issuer_of, publish
from certs.steps import Adopt, Drop, Step


def _adopt(seen: Seen) -> Iterator[Step]:
    """All that is trusted beside the leaf is published; the leaf says until when at least."""
    authorities, trusted = seen.authorities, seen.serving.trusted
    leaf = seen.serving.certificate
    issuer = issuer_of(leaf, trusted) if leaf is not None else None
    for each in trusted:
        end = leaf.not_valid_after_utc if leaf is not None and each == issuer else None
        is_known = each in authorities.certificates
        if not is_known or (end is not None and authorities.with_leaf_until(each, end) != authorities):
            yield Adopt(each, end)


def _drop(seen: Seen) -> Iterator[Step]:
    """What is no longer trusted there is trusted until the last leaf that was seen has ended."""
    gone = tuple(
        each
        for each in seen.authorities.earlier
        if each not in seen.serving.trusted and seen.authorities.last_leaf_of(each) + SKEW <= seen.now
    )
    if gone:
        yield Drop(gone)


def _unreadable(seen: Seen) -> str | None:
    return None if seen.serving.trusted else "ca.crt: there are no certificates in it, or half of one"


SOURCED: Final = Mode((_adopt, _drop, publish), _unreadable)
"""Somebody else is the authority."""
