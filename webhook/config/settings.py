"""What the configuration of Pod Security admission comes to."""

from typing import Final, NamedTuple

from webhook.mutation import STANDARD, Switches
from webhook.nodes.localhost_profiles import OFF, LocalhostProfiles
from webhook.policy.exemptions import Exemptions
from webhook.policy.labels import PERMISSIVE, Policy
from webhook.policy.relief import Exceptions
from webhook.policy.selection import Selection, Wanted, selection_in
from webhook.policy.workloads import BUILT_IN, Workloads


class Settings(NamedTuple):
    """The policy of namespaces without labels, who is not checked at all, what is put in, and exceptions.

    ``only`` are the ids of the controls that are asked at all, or None for all of them; ``wanted`` are extra
    ones. With ``enforce_controllers``, what makes pods is refused where its pods would be. ``workloads`` are
    the kinds that hold pods, ``localhost_profiles`` what is asked of pods that use profiles of the node.
    """

    defaults: Policy = PERMISSIVE
    exemptions: Exemptions = Exemptions()
    mutation: Switches = STANDARD
    exceptions: Exceptions = Exceptions()
    only: frozenset[str] | None = None
    enforce_controllers: bool = False
    wanted: tuple[Wanted, ...] = ()
    workloads: Workloads = BUILT_IN
    localhost_profiles: LocalhostProfiles = OFF

    def selection_in(self, namespace: str) -> Selection:
        """Which controls are asked of pods in *namespace*."""
        return selection_in(namespace, self.only, self.wanted)


class Loaded(NamedTuple):
    """Settings, and the files that they were read from; the one that was named comes first."""

    settings: Settings
    files: tuple[str, ...] = ()


DEFAULTS: Final = Settings()
"""The settings where there is no configuration file, or an empty one."""
