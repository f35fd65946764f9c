"""What nodes say that they hold: objects of the kind ``NodeProfiles``, each named as its node.

Source: ``webhook.nodes.wire``, and the definition of ``nodeprofiles.seccomp-webhook.io`` in the chart.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from webhook.cluster.kind import Kind
from webhook.cluster.objects import Metadata, Part, Read
from webhook.cluster.requests import Collection
from webhook.nodes.holding import Holding
from webhook.nodes.report import NodeReport
from webhook.nodes.wire import GROUP, PLURAL, VERSION, MalformedReport, report_from

# An object with 200 profiles has thirty kilobytes.
_PAGE: Final = 50
_COLLECTION: Final = Collection(f"{PLURAL}.{GROUP}", f"/apis/{GROUP}/{VERSION}/{PLURAL}", page=_PAGE)
NODE_PROFILES: Final = "node profiles"
_ABSENCE: Final = (
    "there are no NodeProfiles in this cluster, so that nobody says which profiles nodes hold: "
    "the chart installs their definition, and the agent that writes them"
)


class Unread(NamedTuple):
    """A node that says something which nobody understands, or nothing yet: ``problem`` is empty then."""

    problem: str = ""


class _NodeProfiles(Part):
    metadata: Metadata
    status: msgspec.Raw = msgspec.Raw()


_object = msgspec.json.Decoder(_NodeProfiles)


def node_profiles(keep: Callable[[NodeReport], Holding]) -> Kind[Holding | Unread]:
    """The kind; *keep* makes of a report what is kept of it."""

    def read(document: bytes | msgspec.Raw) -> Read[Holding | Unread]:
        found = _object.decode(document)
        metadata = found.metadata
        return Read(metadata.name, metadata.resource_version, _kept(metadata.name, bytes(found.status)))

    def _kept(node: str, status: bytes) -> Holding | Unread:
        if not status:
            return Unread()
        try:
            return keep(report_from(node, status))
        except MalformedReport as error:
            # One node's nonsense must not keep what others say from being heard.
            return Unread(str(error))

    return Kind(NODE_PROFILES, (_COLLECTION,), read, _ABSENCE)
