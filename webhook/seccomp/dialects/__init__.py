"""The ways of writing a profile down: read as the readers of nodes read them, and written again.

One file means different things to different readers. ``read`` says what one of them reads; ``resolve``, what
it hands to the OCI runtime on one node, for one container.
"""

from webhook.seccomp.dialects.conditions import resolve
from webhook.seccomp.dialects.converting import convert
from webhook.seccomp.dialects.dialect import DIALECT_OF, Dialect
from webhook.seccomp.dialects.exactness import Inexact
from webhook.seccomp.dialects.guessing import guess
from webhook.seccomp.dialects.operator import read_operator
from webhook.seccomp.dialects.placing import place_of
from webhook.seccomp.dialects.reading import read
from webhook.seccomp.dialects.rendering import render

__all__ = [
    "DIALECT_OF", "Dialect", "Inexact", "convert", "guess", "place_of", "read", "read_operator",
    "render", "resolve",
]  # fmt: skip
