"""The steps of a rotation that change what is stored, carried out. Raises what a ``Place`` does."""

from collections.abc import Mapping
from typing import NamedTuple

from certs import authority, records, serving
from certs.authorities import Authorities
from certs.authority import Authority, fingerprint
from certs.names import Names
from certs.places import Place
from certs.seen import Seen
from certs.steps import Follow, Issue, Remembered, Share


class Read(NamedTuple):
    """What was seen, the versions of both places at that moment, and the files of the one that serves."""

    seen: Seen
    authorities: str
    serving: str
    files: Mapping[str, bytes]


def write(step: Remembered | Follow | Share | Issue, read: Read, authorities: Place, served: Place) -> None:
    """Do *step* in the places that were *read*. Raises Conflict where they have changed since."""
    seen = read.seen
    known = seen.authorities
    match step:
        case Share():
            served.save({**read.files, serving.BUNDLE: known.bundle}, read.serving)
        case Follow():
            made = authority.create(seen.names, now=seen.now, lifetime=seen.periods.authority)
            _keep(known.with_follower(made), read, authorities)
        case Issue(_, names):
            if known.signer is not None:
                _issue(known.signer, names, read, authorities, served)
        case _:
            _keep(step.after(known, seen.serving), read, authorities)


def _issue(signer: Authority, names: Names, read: Read, authorities: Place, served: Place) -> None:
    seen = read.seen
    leaf = authority.issue(signer, names, now=seen.now, lifetime=seen.periods.leaf)
    end = leaf.certificate.not_valid_after_utc
    noted = seen.authorities.leaves_end.get(fingerprint(signer.certificate))
    if noted is None or noted < end:
        # Before the leaf is anywhere: whoever goes on after a crash must not drop its authority.
        _keep(seen.authorities.with_leaf_until(signer.certificate, end), read, authorities)
    served.save(serving.files_of(leaf, seen.authorities.bundle), read.serving)


def _keep(known: Authorities, read: Read, authorities: Place) -> None:
    authorities.save(records.files_of(known), read.authorities)
