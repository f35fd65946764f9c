"""The profiles of pods, against a folder: as if every pod ran on a node that has this folder."""

from collections.abc import Callable
from pathlib import Path

from webhook.cli.profile_folder import ProfileFolder
from webhook.config import Settings
from webhook.nodes.judgment import judge
from webhook.nodes.localhost_profiles import LocalhostProfiles, Mode
from webhook.policy.check import Finding
from webhook.policy.pod import Pod
from webhook.policy.standard import Level


def findings_against(
    folder: str, settings: Settings | None, level: Level
) -> Callable[[Pod, str], tuple[Finding, ...]]:
    """Finds what is wrong with a pod in a namespace, where *level* is asked for.

    Whoever names a folder wants to know: only namespaces for which *settings* switch it off are not asked.
    Raises UnreadableFolder.
    """
    nodes = ProfileFolder(Path(folder), called=f"{folder.rstrip('/')}/").snapshot()
    configured = settings.localhost_profiles if settings else LocalhostProfiles()
    wanted = configured._replace(mode=Mode.ENFORCE)

    def findings(pod: Pod, namespace: str) -> tuple[Finding, ...]:
        if wanted.mode_in(namespace, {}) is Mode.OFF:
            return ()
        return judge(pod, nodes, wanted, level).findings

    return findings
