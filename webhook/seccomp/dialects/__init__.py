"""The ways of writing a profile down: read as the readers of nodes read them, and written again.

One file means different things to different readers. ``read`` says what one of them reads; ``resolve``, what
it hands to the OCI runtime on one node, for one container.
"""

from webhook.seccomp.dialects.conditions import resolve
from webhook.seccomp.dialects.dialect import DIALECT_OF, Dialect
from webhook.seccomp.dialects.reading import read_file as read

__all__ = ["DIALECT_OF", "Dialect", "read", "resolve"]
