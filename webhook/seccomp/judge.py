"""How a profile compares with what the container would have without it: the runtime's default profile."""

from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from webhook.seccomp.comparison import Change, Comparison, compare
from webhook.seccomp.defaults import UnknownArchitecture, runtime_default
from webhook.seccomp.dialects import DIALECT_OF, read
from webhook.seccomp.load import load
from webhook.seccomp.loaded import NO_FILTER, Endless, Loaded, NotStarted, Unjudged
from webhook.seccomp.openings import Opened, opened
from webhook.seccomp.profile import Profile, Unreadable
from webhook.seccomp.target import Target

UNJUDGED: Final = "unjudged"


class ProfileClass(StrEnum):
    """What a profile is, beside the runtime's default for the same container."""

    NONE = "none"
    """It restricts nothing on the machine's own architecture."""
    WEAKER = "weaker"
    """It opens calls and closes none, but for architectures that it leaves out: these make up for nothing.

    Nor does anything make up for a default action that lets calls through where the default's does not.
    """
    EQUAL = "equal"
    """The same calls reach the kernel, with the same arguments."""
    STRICTER = "stricter"
    """It closes calls and opens none."""
    INCOMPARABLE = "incomparable"
    """It opens calls and closes others, or it cannot be told."""


class Judgment(NamedTuple):
    """A profile beside the runtime's default.

    ``opens`` has the dangerous calls first. The others are names: ``closes`` of calls that reach the kernel
    under the default, with some arguments at least; ``answers`` of calls that get another errno or the like;
    ``unclear`` of calls whose rules are too entangled to compare in bounded time: the class is then
    INCOMPARABLE. The name "" stands for the calls of kernels to come. ``leaves_out`` are architectures of the
    default of which every call is closed; their calls are not listed.
    """

    profile_class: ProfileClass
    opens: tuple[Opened, ...] = ()
    closes: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()

    @property
    def dangers(self) -> tuple[Opened, ...]:
        """What of ``opens`` is dangerous."""
        return tuple(each for each in self.opens if each.dangers)


def judge(profile: Profile, target: Target) -> Judgment:
    """*profile* beside this container's ``RuntimeDefault``.

    Raises NotStarted, Unjudged where what is loaded cannot be said, and UnknownArchitecture.
    """
    loaded = load(profile, target)
    default = default_filter(target)
    comparison = compare(default, loaded)
    left_out = _left_out(default, loaded)
    return Judgment(
        _class(comparison, default, loaded, target),
        opened(comparison, target),
        _names(comparison, Change.CLOSES, left_out),
        _names(comparison, Change.ANSWERS, left_out),
        tuple(dict.fromkeys(each.name for each in comparison.unclear)),
        left_out,
    )


def class_of(document: bytes, target: Target) -> tuple[str, str]:
    """The class of a file's content and "", or "unjudged" and why.

    It cannot be read, nothing starts with it, or the runtime hangs. A good file is "unjudged" without a
    reason where there is nothing to compare it with on this architecture, or more in it than can be looked
    through.
    """
    try:
        profile = read(document, DIALECT_OF[target.runtime.reader])
        loaded = load(profile, target)
        default = default_filter(target)
    except Unreadable as bad:
        return UNJUDGED, str(bad)
    except NotStarted as bad:
        return UNJUDGED, f"containers do not start with it: {bad.problem}"
    except Endless as bad:
        return UNJUDGED, str(bad)
    except (Unjudged, UnknownArchitecture):
        return UNJUDGED, ""
    return _class(compare(default, loaded), default, loaded, target), ""


@lru_cache(maxsize=256)
def default_filter(target: Target) -> Loaded:
    """What of ``RuntimeDefault`` is in force for this container. Raises UnknownArchitecture."""
    try:
        return load(runtime_default(target), target)
    except NotStarted as refused:
        # Its list of architectures has one that this version of the OCI runtime has not heard of.
        raise UnknownArchitecture(target.architecture) from refused


def _class(comparison: Comparison, default: Loaded, loaded: Loaded, target: Target) -> ProfileClass:
    if restricts_nothing(loaded, target.architecture):
        return ProfileClass.NONE
    if default.default.action.restricts and not loaded.default.action.restricts:
        return ProfileClass.WEAKER  # else it would be enough to refuse one call that nobody needs
    if comparison.unclear:
        return ProfileClass.INCOMPARABLE
    left_out = _left_out(default, loaded)
    changes = {(each.change, each.example.architecture in left_out) for each in comparison.differences}
    if not any(change is Change.OPENS for change, _ in changes):
        is_stricter = any(change is Change.CLOSES for change, _ in changes)
        return ProfileClass.STRICTER if is_stricter else ProfileClass.EQUAL
    return ProfileClass.INCOMPARABLE if (Change.CLOSES, False) in changes else ProfileClass.WEAKER


def restricts_nothing(loaded: Loaded, architecture: str) -> bool:
    """Whether every call of *architecture* reaches the kernel, whatever its arguments."""
    if not loaded.is_filter:
        return True
    if loaded.default.action.restricts:
        return False  # there is always a call that no rule names
    here = loaded._replace(filters={architecture: loaded.filters.get(architecture, {})})
    comparison = compare(NO_FILTER, here)
    return not comparison.unclear and all(each.change is Change.ANSWERS for each in comparison.differences)


def _left_out(default: Loaded, loaded: Loaded) -> tuple[str, ...]:
    if not loaded.is_filter or not loaded.bad_architecture.action.restricts:
        return ()
    return tuple(each for each in default.filters if each not in loaded.filters)


def _names(comparison: Comparison, change: Change, left_out: tuple[str, ...]) -> tuple[str, ...]:
    found = {
        each.name
        for each in comparison.differences
        if each.change is change and each.example.architecture not in left_out
    }
    return tuple(sorted(found))
