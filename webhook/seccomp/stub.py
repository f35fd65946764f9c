"""What runc puts before a filter: calls newer than all that the profile names are answered with ENOSYS.

Source: runc, ``libcontainer/seccomp/patchbpf``, measured with 1.1.5 and 1.3.6. The C library asks for
new calls first and falls back where they do not exist; EPERM makes programs fail that run on older kernels.
"""

from typing import Final

from webhook.seccomp.actions import Action
from webhook.seccomp.architectures import ARCHITECTURES
from webhook.seccomp.families import FAMILIES
from webhook.seccomp.loaded import Loaded
from webhook.seccomp.profile import Profile
from webhook.seccomp.syscalls import filtered_number
from webhook.seccomp.target import Target

_LENIENT: Final = frozenset({Action.ALLOW, Action.LOG, Action.TRACE})
_NATIVE_SINCE: Final = (1, 1, 15)
_SIZE: Final = 4
"""Instructions for each architecture, and as many for the whole."""

# With this number s390 makes calls that have none of their own; unknown ones end up here.
_SETUP: Final = frozenset({0})
_WITH_SETUP: Final = frozenset({"SCMP_ARCH_S390", "SCMP_ARCH_S390X"})
# Meant to be ENOSYS itself, but what it is compared with is the whole word that a filter returns.
_NO_STUB_ERRNO: Final = 0x00050026


def with_stub(loaded: Loaded, profile: Profile, target: Target) -> Loaded:
    """*loaded* behind the stub, if it gets one: a filter that lets unknown calls pass does not."""
    if loaded.default.action in _LENIENT or profile.default_errno == _NO_STUB_ERRNO:
        return loaded
    architectures = set(profile.architectures)
    if target.runtime.loader_version >= _NATIVE_SINCE:
        architectures.add(target.architecture)
    last: dict[str, int] = {}
    for name in sorted(architectures):
        largest = max(
            (_number(call, name, target) for rule in profile.rules for call in rule.names), default=0
        )
        if largest:
            last[name] = largest
    return loaded._replace(
        enosys_above=last,
        enosys_numbers={name: _SETUP for name in last if name in _WITH_SETUP},
        instructions=loaded.instructions + _SIZE * (1 + len(last)),
    )


def _number(call: str, architecture: str, target: Target) -> int:
    """The number that the stub finds: none for what a family's number stands for, too."""
    if ARCHITECTURES[architecture].multiplexes and any(call in family for family in FAMILIES.values()):
        return 0
    return filtered_number(call, architecture, target.libseccomp) or 0
