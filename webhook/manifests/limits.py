"""How much is read: what is beyond is refused with a message, so that no input can exhaust the machine."""

from typing import Final

# Deep enough for every schema in a CustomResourceDefinition, shallow enough for every reader and writer
# of JSON. Kubernetes itself stops at 10,000.
DEPTH: Final = 200
# One document, be it a List of all that a cluster holds: such a one is held as text, and read item by item.
DOCUMENT_BYTES: Final = 128 << 20
# One document that is read whole. The API server takes no object of more than 3 MiB.
OBJECT_BYTES: Final = 16 << 20
# A source that is no file, and may have no end: a pipe, a terminal, a device.
STREAM_BYTES: Final = 256 << 20

TOO_DEEP: Final = f"nested more than {DEPTH} deep: no Kubernetes object is"


def too_long(limit: int) -> str:
    """What to say of a document of more than *limit* bytes."""
    return f"a document of more than {limit >> 20} MiB: Kubernetes takes no object of more than 3"
