"""What a request came to, without what may differ between the plugin and a webhook: the prefixes."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from tests.e2e.api import Answer
from tests.e2e.audit import AuditLog
from tests.e2e.registration import ADVISORY, ENFORCING

_PREFIXES: Final = ("pod-security.kubernetes.io/", f"{ENFORCING}/", f"{ADVISORY}/")
_DENIED: Final = re.compile(r'admission webhook "[^"]+" denied the request: ')
_GENERATED: Final = re.compile(r"generated-[a-z0-9]{5}\b")


class Outcome(NamedTuple):
    """What a client and an auditor get to see of one request."""

    code: int
    reason: str
    message: str
    details: dict[str, Any]
    warnings: tuple[str, ...]
    annotations: dict[str, str]

    def differences(self, other: "Outcome") -> list[str]:
        """The fields in which *other* is another, each with both values."""
        pairs = zip(self._fields, self, other, strict=True)
        return [f"{field}:\n    {mine!r}\n    {its!r}" for field, mine, its in pairs if mine != its]


def outcome(answer: Answer, log: AuditLog) -> Outcome:
    """The outcome of a request; waits for its event in the audit log."""
    status = answer.body if answer.code >= 400 and isinstance(answer.body, dict) else {}
    noted = log.annotations(answer.audit_id)
    return Outcome(
        answer.code,
        status.get("reason", ""),
        plain(status.get("message", "")),
        {
            key: plain(value) if isinstance(value, str) else value
            for key, value in status.get("details", {}).items()
        },
        tuple(map(plain, answer.warnings)),
        unprefixed(noted),
    )


def unprefixed(noted: Mapping[str, str]) -> dict[str, str]:
    """The audit annotations of Pod Security among those that were *noted*, whoever did."""
    return {
        key.removeprefix(prefix): plain(value)
        for key, value in noted.items()
        for prefix in _PREFIXES
        if key.startswith(prefix)
    }


def plain(text: str) -> str:
    """*text* without the words with which the API server introduces a webhook."""
    return _GENERATED.sub("generated-name", _DENIED.sub("", text))


_COUNTER: Final = re.compile(r"^(pod_security_\w+_total)\{([^}]*)\} (\S+)$", re.MULTILINE)


def counters(exposition: str) -> dict[str, float]:
    """The counters of Pod Security in a text of metrics, labels in order."""
    return {
        f"{name}{{{','.join(sorted(labels.split(',')))}}}": float(value)
        for name, labels, value in _COUNTER.findall(exposition)
    }


def rise(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """By how much each counter rose, where it did."""
    risen = {key: value - before.get(key, 0) for key, value in after.items()}
    return {key: value for key, value in risen.items() if value}
