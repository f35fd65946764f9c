"""The steps of a rotation: what each makes of the authorities, and what it is called. PURE."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from cryptography import x509

from certs.authorities import Authorities
from certs.authority import fingerprint
from certs.configurations import Published
from certs.names import Names
from certs.serving import Serving


class Adopt(NamedTuple):
    """Trust an authority that is in use, until the last leaf of it that is known has ended."""

    certificate: x509.Certificate
    end: datetime | None

    def __str__(self) -> str:
        until = f" until its leaves end at {self.end:%Y-%m-%d %H:%M} UTC" if self.end else ""
        return f"trusting {brief(self.certificate)}{until}"

    def after(self, authorities: Authorities, serving: Serving) -> Authorities:
        """The authorities with it. A signer that nobody has heard of waits until it is trusted."""
        signer = authorities.signer
        is_new = self.certificate not in authorities.certificates
        if is_new and signer is not None and signer.certificate not in serving.trusted:
            authorities = authorities.waiting()
        return authorities.with_earlier(self.certificate, self.end)


class Drop(NamedTuple):
    """Trust authorities no more of which no leaf is left."""

    certificates: tuple[x509.Certificate, ...]

    def __str__(self) -> str:
        return f"no longer trusting {', '.join(map(brief, self.certificates))}: no leaf of it is left"

    def after(self, authorities: Authorities, _serving: Serving) -> Authorities:
        """The authorities without them."""
        return authorities.without(self.certificates)


class Note(NamedTuple):
    """Write down since when the bundle is everywhere, or that it is not."""

    read_back: datetime | None

    def __str__(self) -> str:
        if self.read_back is None:
            return "the bundle is no longer everywhere: the soak begins anew"
        return "the bundle is everywhere; the soak begins"

    def after(self, authorities: Authorities, _serving: Serving) -> Authorities:
        """The authorities with the note."""
        return replace(authorities, read_back=self.read_back)


class Promote(NamedTuple):
    """Let the next authority sign."""

    why: str

    def __str__(self) -> str:
        return f"the next authority signs from now on: {self.why}"

    def after(self, authorities: Authorities, _serving: Serving) -> Authorities:
        """The authorities with the new signer."""
        return authorities.promoted()


class Follow(NamedTuple):
    """Make the next authority."""

    why: str

    def __str__(self) -> str:
        return f"made the next authority: {self.why}"


class Share(NamedTuple):
    """Put the bundle beside the leaf."""

    def __str__(self) -> str:
        return "put the bundle beside the serving certificate"


class Publish(NamedTuple):
    """Put the bundle into a webhook configuration."""

    published: Published
    bundle: bytes

    def __str__(self) -> str:
        webhooks = self.published.out_of_sync(self.bundle)
        strangers = self.published.strangers(webhooks)
        over = f", over what {strangers} wrote" if strangers else ""
        return f"{self.published.configuration}: put the bundle into {', '.join(webhooks)}{over}"

    @property
    def is_over_others(self) -> bool:
        """Whether somebody else wrote, or took away, what is there now."""
        out = self.published.out_of_sync(self.bundle)
        return bool(self.published.strangers(out)) or any(not self.published.bundles[name] for name in out)


class Issue(NamedTuple):
    """Make a leaf for *names*."""

    why: str
    names: Names

    def __str__(self) -> str:
        return f"made a serving certificate for {self.names}: {self.why}"


Remembered = Adopt | Drop | Note | Promote
"""Steps that change what is known of the authorities, and make nothing."""
Step = Remembered | Follow | Share | Publish | Issue


def called(step: Step) -> str:
    """What a step is called, for counting."""
    return type(step).__name__.lower()


def brief(certificate: x509.Certificate) -> str:
    """The beginning of a fingerprint, which is enough for people to tell authorities apart."""
    return fingerprint(certificate)[:23]
