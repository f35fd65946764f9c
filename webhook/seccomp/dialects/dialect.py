"""The four ways of writing a profile down, and who reads which."""

from enum import StrEnum
from typing import Final

from webhook.seccomp.target import Reader


class Dialect(StrEnum):
    """A way of writing profiles down, called as in reports and on the command line."""

    OCI = "oci"
    """The runtime specification, as containerd decodes it: everything else in the file is dropped."""
    DOCKER = "docker"
    """``github.com/moby/profiles/seccomp``: rules may depend on capabilities, architecture and kernel."""
    CONTAINERS_COMMON = "containers-common"
    """``go.podman.io/common/pkg/seccomp``, for CRI-O and Podman: as Docker's, with names of errors."""
    OPERATOR = "operator"
    """The object SeccompProfile of the security-profiles-operator, v1 and v1beta1."""


DIALECT_OF: Final = {
    Reader.CONTAINERD: Dialect.OCI,
    Reader.CRIO: Dialect.CONTAINERS_COMMON,
    Reader.DOCKER: Dialect.DOCKER,
}
"""The dialect in which each reader of nodes reads a file, whatever it was written in."""
