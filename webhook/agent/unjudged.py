"""Whether a text is a profile at all, where nothing judges what it allows."""

import msgspec

from webhook.nodes.wire import UNJUDGED
from webhook.seccomp.target import Target


class _Profile(msgspec.Struct):
    defaultAction: str  # noqa: N815 - the name in the text


def unjudged(document: bytes, _target: Target) -> tuple[str, str]:
    """No class; and what is wrong where the text is no JSON, or has no default action."""
    try:
        msgspec.json.decode(document, type=_Profile)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return UNJUDGED, f"this is no seccomp profile: {error}"
    return UNJUDGED, ""
