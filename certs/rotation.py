"""What is due next in a rotation: rules over what is stored and published. PURE.

Every rule is safe alone, whatever became of the others: the step of one may fail, be lost or be done by
somebody else. There is no memory besides what was seen.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from cryptography import x509

from certs import pem, renewal
from certs.authorities import Authorities
from certs.authority import SKEW, beyond, fingerprint
from certs.configurations import Published
from certs.names import Names
from certs.periods import Periods
from certs.serving import Serving
from certs.steps import Adopt, Drop, Follow, Issue, Note, Promote, Publish, Share, Step

MOST: Final = 4
"""Authorities in a bundle; everybody who calls has to carry them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything at a moment, as one process sees it.

    ``published`` has the configurations that exist, ``unread`` those of which nothing is known. ``asked`` has
    what is to be made early: ``leaf``, ``ca``. ``watched`` is how long this process itself has known the
    bundle to be everywhere.
    """

    now: datetime
    names: Names
    periods: Periods
    authorities: Authorities
    serving: Serving
    published: tuple[Published, ...] = ()
    unread: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    watched: timedelta = timedelta()

    @property
    def served_until(self) -> datetime | None:
        """The end of the leaf that is served, or None where there is none that is valid.

        A server goes on with a leaf whose key was broken since.
        """
        certificate = self.serving.certificate
        if certificate is None or certificate.not_valid_after_utc <= self.now:
            return None
        return certificate.not_valid_after_utc

    @property
    def is_everywhere(self) -> bool:
        """Whether every place that is there has the bundle."""
        bundle = self.authorities.bundle
        is_shared = self.serving.certificate is None or self.serving.bundle == bundle
        return is_shared and not self.unread and not any(each.out_of_sync(bundle) for each in self.published)

    @property
    def has_nothing_to_lose(self) -> bool:
        """Whether nothing valid is served, and nobody can sign what would be."""
        signer = self.authorities.signer
        has_signer = signer is not None and self.now < signer.certificate.not_valid_after_utc
        return self.served_until is None and not has_signer

    @property
    def soak_left(self) -> timedelta | None:
        """For how long the bundle has still to be everywhere; None where it is not yet."""
        noted = self.authorities.read_back
        if noted is None:
            return None
        # The clock that it was noted by may be behind ours.
        by_clock = noted + self.periods.soak + SKEW - self.now
        return max(timedelta(), min(by_clock, self.periods.soak - self.watched))


Rule = Callable[[Seen], Iterator[Step]]


class Mode(NamedTuple):
    """Who the authority is: the rules that then hold, and why what was seen is none of our business."""

    rules: tuple[Rule, ...]
    refusal: Callable[[Seen], str | None]

    def due(self, seen: Seen) -> Iterator[Step]:
        """The steps that are due, the first one first."""
        for rule in self.rules:
            yield from rule(seen)


def foreign(seen: Seen) -> str | None:
    """Why what is served is none of our business, or None."""
    certificate = seen.serving.certificate
    if certificate is None or certificate.not_valid_after_utc <= seen.now:
        return None
    if issuer_of(certificate, (*seen.authorities.certificates, *seen.serving.trusted)):
        return None
    return (
        f"the certificate of {certificate.issuer.rfc4514_string() or 'nobody'} was not made here "
        "and will not be replaced; name another place, or delete this one"
    )


def issuer_of(
    certificate: x509.Certificate, authorities: tuple[x509.Certificate, ...]
) -> x509.Certificate | None:
    """The one of *authorities* that signed *certificate*."""
    for each in authorities:
        try:
            certificate.verify_directly_issued_by(each)
        except Exception:  # noqa: BLE001, S112 - whatever is wrong with the signature, it was not this one
            continue
        return each
    return None


def _adopt(seen: Seen) -> Iterator[Step]:
    """What is served by an authority, and trusted beside it, is kept until it ends."""
    authorities, certificate = seen.authorities, seen.serving.certificate
    if certificate is not None and seen.now < (end := certificate.not_valid_after_utc):
        issuer = issuer_of(certificate, (*authorities.certificates, *seen.serving.trusted))
        if issuer and authorities.leaves_end.get(fingerprint(issuer), seen.now) < end:
            yield Adopt(issuer, end)
    if authorities.signer is None and authorities.following is None:
        # Those who served before us may still do.
        until = seen.now + seen.periods.leaf
        for trusted in _published_authorities(seen)[: MOST - 1 - len(authorities.certificates)]:
            yield Adopt(trusted, min(until, trusted.not_valid_after_utc))


def _drop(seen: Seen) -> Iterator[Step]:
    """An authority whose last leaf has ended is trusted no more."""
    authorities = seen.authorities
    gone = [each for each in authorities.earlier if authorities.last_leaf_of(each) + SKEW <= seen.now]
    following = authorities.following.certificate if authorities.following else None
    if following is not None and (
        following.not_valid_after_utc <= seen.now or beyond(following, seen.names) != Names()
    ):
        gone.append(following)
    if gone:
        yield Drop(tuple(gone))


def _follow(seen: Seen) -> Iterator[Step]:
    """The next authority is made while the one before is still good."""
    authorities = seen.authorities
    if authorities.following is not None:
        return
    if authorities.signer is None:
        yield Follow("there is no authority")
    elif (
        len(authorities.certificates) < MOST or authorities.signer.certificate.not_valid_after_utc <= seen.now
    ):
        signing = renewal.Signing(authorities.signer.certificate, seen.names, seen.periods.leaf, seen.now)
        reasons = [*renewal.authority_reasons(signing), *(["it was asked for"] if "ca" in seen.asked else [])]
        if reasons:
            yield Follow("; ".join(reasons))


def _share(seen: Seen) -> Iterator[Step]:
    """Who reads the bundle beside the leaf has the same one."""
    if seen.serving.certificate is not None and seen.serving.bundle != seen.authorities.bundle:
        yield Share()


def publish(seen: Seen) -> Iterator[Step]:
    """Every webhook is trusted by the bundle of now."""
    bundle = seen.authorities.bundle
    if bundle:
        yield from (Publish(each, bundle) for each in seen.published if each.out_of_sync(bundle))


def _note_loss(seen: Seen) -> Iterator[Step]:
    """The soak begins anew where a bundle was lost. Before it is put right: afterwards nobody sees it."""
    if seen.authorities.read_back is not None and not seen.unread and not seen.is_everywhere:
        yield Note(None)


def _note(seen: Seen) -> Iterator[Step]:
    """The soak begins when the bundle is everywhere."""
    noted = seen.authorities.read_back
    if (
        seen.authorities.following is not None
        and seen.is_everywhere
        and (noted is None or noted > seen.now + SKEW)
    ):
        yield Note(seen.now)


def _promote(seen: Seen) -> Iterator[Step]:
    """The next authority signs when it is trusted everywhere, or when there is nothing to lose."""
    if seen.authorities.following is None:
        return
    if seen.has_nothing_to_lose:
        yield Promote("nothing valid is served")
    elif seen.is_everywhere and seen.soak_left == timedelta():
        yield Promote("it has been trusted everywhere for long enough")


def _issue(seen: Seen) -> Iterator[Step]:
    """A leaf is renewed by whoever signs."""
    signer, leaf = seen.authorities.signer, seen.serving.leaf
    if signer is None or signer.certificate.not_valid_after_utc <= seen.now:
        return
    # Names that this one may not vouch for wait for the next.
    names = seen.names.without(beyond(signer.certificate, seen.names))
    part = renewal.jittered(leaf.certificate) if leaf else renewal.RENEWED_AT
    kept = renewal.Kept(signer, leaf, names, seen.now, part)
    reasons = [seen.serving.problem] if leaf is None else list(renewal.reasons(kept))
    if "leaf" in seen.asked:
        reasons.append("it was asked for")
    if reasons and names != Names():
        yield Issue("; ".join(reasons), names)


OWN: Final = Mode((_adopt, _drop, _follow, _note_loss, _share, publish, _promote, _note, _issue), foreign)
"""We are the authority."""


def _published_authorities(seen: Seen) -> list[x509.Certificate]:
    """The authorities that configurations name and that are still valid, each once."""
    found: dict[str, x509.Certificate] = {}
    for bundle in dict.fromkeys(held for each in seen.published for held in each.bundles.values()):
        try:
            trusted = pem.certificates(bundle)
        except ValueError:
            continue
        found |= {fingerprint(each): each for each in trusted if seen.now < each.not_valid_after_utc}
    known = set(map(fingerprint, seen.authorities.certificates))
    return [each for name, each in found.items() if name not in known]
