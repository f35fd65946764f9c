"""What the serving pods mount: a leaf, its key, and the bundle that whoever calls them should trust. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography import x509

from certs import pem
from certs.authority import Leaf

LEAF: Final = "tls.crt"
KEY: Final = "tls.key"
BUNDLE: Final = "ca.crt"
FILES: Final = (LEAF, KEY, BUNDLE)


@dataclass(frozen=True, slots=True)
class Serving:
    """A leaf, or in ``problem`` why there is none; ``certificate`` may be known all the same."""

    leaf: Leaf | None = None
    certificate: x509.Certificate | None = None
    bundle: bytes = b""
    problem: str = "there is no serving certificate"

    @property
    def trusted(self) -> tuple[x509.Certificate, ...]:
        """The certificates of the bundle; none where it cannot be read."""
        try:
            return pem.certificates(self.bundle)
        except ValueError:
            return ()


def serving_in(files: Mapping[str, bytes]) -> Serving:
    """What *files* have to serve."""
    bundle = files.get(BUNDLE, b"")
    if not files.get(LEAF) and not files.get(KEY):
        return Serving(bundle=bundle)
    try:
        certificate = pem.certificate(files.get(LEAF, b""))
    except ValueError as error:
        return Serving(bundle=bundle, problem=f"{LEAF}: {error}")
    try:
        leaf = Leaf(certificate, pem.key(files.get(KEY, b"")))
    except ValueError as error:
        return Serving(certificate=certificate, bundle=bundle, problem=f"{KEY}: {error}")
    return Serving(leaf, certificate, bundle, "")


def files_of(leaf: Leaf, bundle: bytes) -> dict[str, bytes]:
    """The files with *leaf* and *bundle*."""
    return {
        LEAF: pem.written((leaf.certificate,)),
        KEY: pem.written_key(leaf.key),
        BUNDLE: bundle,
    }
