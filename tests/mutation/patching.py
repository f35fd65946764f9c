"""What a library that is not ours makes of our patches."""

from copy import deepcopy
from functools import partial
from typing import Any, NamedTuple

import msgspec
from jsonpatch import JsonPatch

from tests.policy.excepting import TODAY
from tests.strategies.pods import Manifest
from webhook.mutation import Outcome, Relief, Switches, fill_in, operations
from webhook.policy.pod import pod_from
from webhook.policy.relief import Exceptions, Subject, relieved
from webhook.policy.selection import ALL, Selection
from webhook.policy.standard import PRIVILEGED, Standard


class Patched(NamedTuple):
    """A pod after its patch, the patch, and what was said."""

    manifest: Manifest
    patch: list[dict[str, Any]]
    outcome: Outcome


def patched(  # noqa: PLR0913 - all that what is put in depends on
    manifest: Manifest,
    switches: Switches,
    old: Manifest | None = None,
    *,
    exceptions: Exceptions | None = None,
    namespace: str = "shop",
    enforced: tuple[Standard, Selection] = (PRIVILEGED, ALL),
) -> Patched:
    """*manifest* with what *switches* put into it; with *old*, as an update of ephemeral containers."""
    pod = pod_from(manifest)
    relief = None
    if exceptions is not None:
        subject = Subject.of_pod(pod, namespace)
        relieve = partial(relieved, subject=subject, exceptions=exceptions, day=TODAY)
        relief = Relief(relieve, *enforced)
    outcome = fill_in(pod, switches, None if old is None else pod_from(old), relief)
    patch = msgspec.json.decode(msgspec.json.encode(operations(pod, outcome.puts)))
    return Patched(JsonPatch(patch).apply(deepcopy(manifest)), patch, outcome)
