"""The names in a client's certificate, as Python's TLS tells them of one that was verified.

Source: Python's documentation of ``SSLSocket.getpeercert``; the API server's own client certificates carry
their name as the common name, others as alternative names.
"""

from collections.abc import Mapping
from typing import Any

_KINDS = frozenset({"DNS", "URI", "email"})
_NOBODY: frozenset[str] = frozenset()


def names_in(certificate: Mapping[str, Any] | None) -> frozenset[str]:
    """Common and alternative names in *certificate*; none where there is none."""
    if not certificate:
        return _NOBODY
    common = {
        value for part in certificate.get("subject", ()) for field, value in part if field == "commonName"
    }
    return frozenset(
        common | {value for kind, value in certificate.get("subjectAltName", ()) if kind in _KINDS}
    )
