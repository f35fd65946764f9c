"""What one node says of itself: the profiles it holds, and what runs containers there."""

from typing import NamedTuple


class SeccompFile(NamedTuple):
    """A file of the kubelet's ``seccomp`` folder. ``path`` is as pods name it in ``localhostProfile``.

    ``digest`` is ``sha256:`` and 64 hex digits of the content; ``profile_class`` a class of
    ``webhook.seccomp.judge`` or "unjudged"; ``error`` why it could not be read or is no profile, else "".
    """

    path: str
    digest: str
    size: int
    profile_class: str = "unjudged"
    error: str = ""


class AppArmorProfile(NamedTuple):
    """A profile that is loaded in the kernel, with its mode (enforce, complain, kill, unconfined)."""

    name: str
    mode: str


class NodeReport(NamedTuple):
    """What a node holds. ``app_armor`` is None where the kernel has none; ``seccomp_default`` if unknown.

    ``architecture`` is Go's name (amd64), ``left_out`` how many files are beyond the limits and not listed.
    """

    node: str
    runtime: str = ""
    runtime_version: str = ""
    kernel: str = ""
    architecture: str = ""
    seccomp_default: bool | None = None
    seccomp: tuple[SeccompFile, ...] = ()
    app_armor: tuple[AppArmorProfile, ...] | None = None
    left_out: int = 0
