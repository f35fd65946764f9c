"""What a library that is not ours makes of our patches."""

from copy import deepcopy
from typing import Any, NamedTuple

import msgspec
from jsonpatch import JsonPatch

from tests.strategies.pods import Manifest
from webhook.mutation import Outcome, Switches, fill_in, operations
from webhook.policy.pod import pod_from


class Patched(NamedTuple):
    """A pod after its patch, the patch, and what was said."""

    manifest: Manifest
    patch: list[dict[str, Any]]
    outcome: Outcome


def patched(manifest: Manifest, switches: Switches, old: Manifest | None = None) -> Patched:
    """*manifest* with what *switches* put into it; with *old*, as an update of ephemeral containers."""
    pod = pod_from(manifest)
    outcome = fill_in(pod, switches, None if old is None else pod_from(old))
    patch = msgspec.json.decode(msgspec.json.encode(operations(pod, outcome.puts)))
    return Patched(JsonPatch(patch).apply(deepcopy(manifest)), patch, outcome)
