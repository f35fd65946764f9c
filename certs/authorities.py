"""The authorities of a webhook: who signs, who follows, whose leaves may still be served. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from cryptography import x509

from certs import pem
from certs.authority import Authority, fingerprint


@dataclass(frozen=True, slots=True)
class Authorities:
    """All that a rotation remembers.

    ``signer`` issues leaves, ``following`` will, the certificates of ``earlier`` did. ``leaves_end`` has, by
    fingerprint, the end of the last leaf that an authority may have issued. ``read_back`` is when the bundle
    of now was first seen in every place.
    """

    signer: Authority | None = None
    following: Authority | None = None
    earlier: tuple[x509.Certificate, ...] = ()
    leaves_end: Mapping[str, datetime] = field(default_factory=dict)
    read_back: datetime | None = None

    @property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        """All of them; the order does not depend on who signs, so that a new signer changes no bundle."""
        all_of_them = {
            fingerprint(each): each
            for each in (
                *(authority.certificate for authority in (self.signer, self.following) if authority),
                *self.earlier,
            )
        }
        return tuple(sorted(all_of_them.values(), key=_age))

    @property
    def bundle(self) -> bytes:
        """What is to be trusted, as text."""
        return pem.written(self.certificates)

    def last_leaf_of(self, certificate: x509.Certificate) -> datetime:
        """When the last leaf ends that *certificate* may have signed; unknown means its own end."""
        return self.leaves_end.get(fingerprint(certificate), certificate.not_valid_after_utc)

    def with_leaf_until(self, certificate: x509.Certificate, end: datetime) -> "Authorities":
        """These authorities, of which *certificate* may have signed a leaf that ends at *end*."""
        name = fingerprint(certificate)
        known = self.leaves_end.get(name)
        return replace(self, leaves_end={**self.leaves_end, name: max(end, known or end)})

    def with_follower(self, authority: Authority) -> "Authorities":
        """These authorities, with one more that has signed nothing yet; no place is known to have it."""
        return replace(self, following=authority, read_back=None)

    def promoted(self) -> "Authorities":
        """These authorities, of which the following one is the signer. The key of the other is no more."""
        earlier = (*self.earlier, self.signer.certificate) if self.signer else self.earlier
        return replace(self, signer=self.following, following=None, earlier=earlier, read_back=None)

    def with_earlier(self, certificate: x509.Certificate, end: datetime | None) -> "Authorities":
        """These authorities and a stranger's *certificate*, whose leaves are served until *end*, if known."""
        new = certificate not in self.certificates
        joined = replace(self, earlier=(*self.earlier, certificate), read_back=None) if new else self
        return joined.with_leaf_until(certificate, end) if end else joined

    def waiting(self) -> "Authorities":
        """These authorities with the signer as one that follows: nobody is known to trust it."""
        return replace(self, signer=None, following=self.following or self.signer, read_back=None)

    def without(self, gone: tuple[x509.Certificate, ...]) -> "Authorities":
        """These authorities, of which those that are *gone* are trusted no more."""
        names = set(map(fingerprint, gone))
        following = self.following if self.following and self.following.certificate not in gone else None
        return replace(
            self,
            following=following,
            earlier=tuple(each for each in self.earlier if fingerprint(each) not in names),
            leaves_end={name: end for name, end in self.leaves_end.items() if name not in names},
        )


def _age(certificate: x509.Certificate) -> tuple[datetime, str]:
    return certificate.not_valid_before_utc, fingerprint(certificate)
