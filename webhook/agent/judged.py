"""What profiles are worth on this node, and which of them its runtime would load."""

from webhook.seccomp.dialects import DIALECT_OF, read
from webhook.seccomp.judge import class_of
from webhook.seccomp.load import load
from webhook.seccomp.loaded import Endless, NotStarted, Unjudged
from webhook.seccomp.profile import Unreadable
from webhook.seccomp.target import Target


def class_and_error(document: bytes, target: Target) -> tuple[str, str]:
    """The class of a profile's text on *target* and "", or "unjudged" and why."""
    profile_class, error = class_of(document, target)
    return str(profile_class), error


def wrong_with(document: bytes, target: Target) -> str:
    """Why a text is not to be put on a node, or "".

    It cannot be read, nothing starts with it, the runtime hangs, or it is no filter. What has more in it than
    can be looked through is put there: nothing is known against it.
    """
    try:
        loaded = load(read(document, DIALECT_OF[target.runtime.reader]), target)
    except Unreadable as bad:
        return str(bad)
    except NotStarted as bad:
        return f"containers do not start with it: {bad.problem}"
    except Endless as bad:
        return str(bad)
    except Unjudged:
        return ""
    if not loaded.is_filter:
        return "it has no default action and no rules: containers would run without any filter"
    return ""
