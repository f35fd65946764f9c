"""What is asked of profiles of the node, as controls: exceptions, reports and metrics call them by these ids.

Source: Kubernetes documentation, "Restrict a Container's Syscalls with seccomp" and "Restrict a Container's
Access to Resources with AppArmor"; no standard asks for any of it.
"""

from typing import Final

from webhook.policy.check import Check
from webhook.policy.standard import Level

_PROFILE_FIELDS: Final = tuple(
    f"spec.{where}securityContext.{kind}Profile.localhostProfile"
    for kind in ("seccomp", "appArmor")
    for where in ("", "containers[*].")
)


def _control(name: str, level: Level, about: str, fields: tuple[str, ...], allowed: str) -> Check:
    return Check(
        id=name,
        level=level,
        reason="localhostProfile" if fields is _PROFILE_FIELDS else "profileFolder",
        about=about,
        fields=dict.fromkeys(fields, (allowed,)),
        rules=(),
        revisions=(),
    )


PATH: Final = _control(
    "localhostProfilePath",
    Level.PRIVILEGED,
    "A profile of the node is named as the kubelet, or the kernel, can find it.",
    _PROFILE_FIELDS,
    "a path below the kubelet's folder, or the name of a loaded AppArmor profile",
)
PRESENCE: Final = _control(
    "localhostProfilePresence",
    Level.PRIVILEGED,
    "The nodes that a pod may be scheduled to hold the profiles that it uses, and can read them.",
    _PROFILE_FIELDS,
    "a profile that is there",
)
CONTENT: Final = _control(
    "localhostProfileContent",
    Level.BASELINE,
    "A profile restricts something at level baseline, and is not weaker than RuntimeDefault at restricted.",
    _PROFILE_FIELDS,
    "a profile that restricts as much as the level asks",
)
FOLDER: Final = _control(
    "profileFolder",
    Level.PRIVILEGED,
    "Pods do not write the folder of the kubelet that holds seccomp profiles.",
    ("spec.volumes[*].hostPath",),
    "another path, or mounted with readOnly",
)

CONTROLS: Final = (PATH, PRESENCE, CONTENT, FOLDER)
"""All of them, in the order in which they are told."""
