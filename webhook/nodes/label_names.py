"""Labels of a node that say which profiles it holds, for ``nodeSelector`` and affinity.

Source: Kubernetes documentation, "Labels and Selectors", section "Syntax and character set".
"""

import re
from hashlib import sha256
from typing import Final

from webhook.nodes.report import NodeReport

PREFIX: Final = "profile.seccomp-webhook.io/"
MOST: Final = 100
"""Labels that a node gets at most: everybody who watches nodes gets all of them with every change."""

_NAME: Final = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?", re.ASCII)
_STRANGE: Final = re.compile(r"[^-A-Za-z0-9.]+")
_LONGEST: Final = 63
_HASH: Final = 8
_DIGEST: Final = 16


def label_name(path: str) -> str:
    """The name of the label for the profile at *path*, as pods name it; other paths have other names.

    Folders are parted by ``__``: that of ``profiles/audit.json`` ends with ``/profiles__audit.json``. A path
    that cannot be written so, as it is long or has other characters, ends with a part of its SHA-256.
    """
    name = path.replace("/", "__")
    if _NAME.fullmatch(name) and "__" not in path and "/_" not in path and "_/" not in path:
        return PREFIX + name
    kept = _STRANGE.sub("_", path).strip("_.-")[: _LONGEST - _HASH - 2].rstrip("_.-")
    return f"{PREFIX}{kept or 'x'}__{sha256(path.encode()).hexdigest()[:_HASH]}"


def label_value(digest: str) -> str:
    """The value for a profile of *digest*: its first 16 hex digits."""
    return digest.removeprefix("sha256:")[:_DIGEST]


def labels_of(report: NodeReport) -> dict[str, str]:
    """The labels that say *report*, of files that are profiles; the first ``MOST`` of them by path."""
    good = [file for file in report.seccomp if file.digest and not file.error]
    return {label_name(file.path): label_value(file.digest) for file in good[:MOST]}
