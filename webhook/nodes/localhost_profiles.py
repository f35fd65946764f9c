"""What is asked of Localhost profiles, and where: the settings of the section ``localhostProfiles``."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from webhook.policy.patterns import Name

LABEL: Final = "seccomp-webhook.io/localhost-profiles"
"""On a namespace: the mode for its pods. What the configuration says of a namespace by name comes first."""

SECCOMP_FOLDER: Final = "/var/lib/kubelet/seccomp"
"""Where the kubelet looks for seccomp profiles unless its ``--root-dir`` is another."""


class Mode(StrEnum):
    """What follows from a finding: nothing, a warning, a denial."""

    OFF = "off"
    WARN = "warn"
    ENFORCE = "enforce"


class Hold(StrEnum):
    """Which of the nodes that a pod may be scheduled to must hold its profiles."""

    ANY = "any"
    ALL = "all"


class NamespaceMode(NamedTuple):
    """A mode for some namespaces, by name."""

    names: tuple[Name, ...]
    mode: Mode


class LocalhostProfiles(NamedTuple):
    """What is asked of pods that use a profile of the node, or may write one.

    With ``add_node_affinity`` new pods are kept to the nodes that are labeled with the profiles they use.
    """

    mode: Mode = Mode.OFF
    nodes: Hold = Hold.ALL
    namespaces: tuple[NamespaceMode, ...] = ()
    add_node_affinity: bool = False
    seccomp_folder: str = SECCOMP_FOLDER

    def mode_in(self, namespace: str, labels: Mapping[str, str]) -> Mode:
        """The mode for pods in *namespace*, which has *labels*. A label with another word is none."""
        for each in self.namespaces:
            if any(name.covers(namespace) for name in each.names):
                return each.mode
        # Where nobody switched it on, a label does not either: without an inventory it could only fail.
        if self.mode is not Mode.OFF or self.namespaces:
            wish = labels.get(LABEL)
            if wish in _MODES:
                return Mode(wish)
        return self.mode


_MODES: Final = frozenset(Mode)

OFF: Final = LocalhostProfiles()
"""What is asked where nobody configured it: nothing."""
