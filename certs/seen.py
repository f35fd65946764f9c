"""Everything that a rotation decides on, as one process sees it at a moment. PURE."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography import x509

from certs.authorities import Authorities
from certs.authority import SKEW
from certs.configurations import Published
from certs.names import Names
from certs.periods import Periods
from certs.serving import Serving
from certs.steps import Step


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
