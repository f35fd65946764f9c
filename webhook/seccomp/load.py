"""What a runtime loads of a profile."""

from webhook.seccomp.crun import load_by_crun
from webhook.seccomp.dialects.conditions import resolve
from webhook.seccomp.loaded import NO_FILTER, Loaded, NotStarted
from webhook.seccomp.profile import Profile, Unreadable
from webhook.seccomp.runc import load_by_runc
from webhook.seccomp.target import Loader, Target


def load(profile: Profile, target: Target) -> Loaded:
    """The filter of a container of *target*; *profile* must have been read in its reader's dialect.

    Raises NotStarted with the runtime's words where no container starts with it, and Unjudged where what
    libseccomp makes of it cannot be looked through.
    """
    try:
        resolved = resolve(profile, target)
    except Unreadable as refused:
        raise NotStarted(refused.problem, refused.place) from None
    if resolved is None:
        return NO_FILTER
    return _LOADERS[target.runtime.loader](resolved, target)


_LOADERS = {Loader.RUNC: load_by_runc, Loader.CRUN: load_by_crun}
