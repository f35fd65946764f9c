"""The defaults, one module each; README.md beside this file lists them.

A module here that exports ``DEFAULT`` is a default: there is no list to edit.
"""

import pkgutil
from importlib import import_module

from webhook.mutation.default import Default

DEFAULTS: tuple[Default, ...] = tuple(
    sorted(
        (import_module(f"{__name__}.{found.name}").DEFAULT for found in pkgutil.iter_modules(__path__)),
        key=lambda default: default.id,
    )
)
"""Every default, in the order in which they are asked."""
