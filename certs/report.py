"""Certificates as a report for programs: plain values, times as RFC 3339. PURE."""

from datetime import UTC, datetime
from typing import Any

from cryptography import x509

from certs.authority import fingerprint, names_in
from certs.configurations import Configuration
from certs.renewal import due_at, jittered
from certs.rotate import Outcome
from certs.rotation import Mode, Seen
from certs.steps import Publish

Report = dict[str, Any]


def report(outcome: Outcome, mode: Mode, named: tuple[Configuration, ...]) -> Report:
    """What *outcome* shows, and what is due by the rules of *mode*."""
    seen = outcome.seen
    found = {} if seen is None else _seen(seen, mode, named)
    return {
        "apiVersion": "seccomp-webhook.io/v1",
        "kind": "CertificateReport",
        **found,
        "problems": list(outcome.problems),
    }


def certificates(found: tuple[x509.Certificate, ...]) -> Report:
    """The same of certificates that are not kept here."""
    return {
        "apiVersion": "seccomp-webhook.io/v1",
        "kind": "CertificateReport",
        "certificates": [_certificate(each) for each in found],
        "problems": [],
    }


def _seen(seen: Seen, mode: Mode, named: tuple[Configuration, ...]) -> Report:
    authorities = seen.authorities
    served = seen.serving.certificate
    bundle = authorities.bundle
    refusal = mode.refusal(seen)
    present = {each.configuration: each for each in seen.published}
    roles = {
        fingerprint(each.certificate): role
        for each, role in ((authorities.signer, "signer"), (authorities.following, "next"))
        if each
    }
    return {
        "serving": {
            **(_certificate(served) if served else {}),
            **({"renewedAt": _time(due_at(served, jittered(served)))} if served else {}),
            "problem": seen.serving.problem,
            "hasBundle": seen.serving.bundle == bundle,
        },
        "authorities": [
            {
                **_certificate(each),
                "role": roles.get(fingerprint(each), "earlier"),
                "lastLeafEnds": _time(authorities.last_leaf_of(each)),
            }
            for each in authorities.certificates
        ],
        "everywhereSince": _time(authorities.read_back) if authorities.read_back else None,
        "configurations": [
            {
                "kind": str(each.kind),
                "name": each.name,
                "present": each in present,
                "webhooks": [
                    {
                        "name": name,
                        "inSync": held == bundle,
                        "writer": present[each].writers.get(name),
                    }
                    for name, held in (present[each].bundles.items() if each in present else ())
                ],
            }
            for each in named
            if str(each) not in seen.unread
        ],
        "due": [refusal] if refusal else [_words(step) for step in mode.due(seen)],
    }


def _words(step: object) -> str:
    if isinstance(step, Publish):
        webhooks = ", ".join(step.published.out_of_sync(step.bundle))
        return f"{step.published.configuration}: the bundle is not in {webhooks}"
    why = getattr(step, "why", "")
    return f"{type(step).__name__.lower()}: {why or step}"


def _certificate(certificate: x509.Certificate) -> Report:
    return {
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "names": str(names_in(certificate)),
        "notBefore": _time(certificate.not_valid_before_utc),
        "notAfter": _time(certificate.not_valid_after_utc),
        "fingerprint": fingerprint(certificate),
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
