"""The controls, one module each; README.md beside this file lists them.

A module here that exports ``CHECK`` is a control: there is no list to edit.
"""

import pkgutil
from importlib import import_module

from webhook.policy.check import Check

CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (import_module(f"{__name__}.{found.name}").CHECK for found in pkgutil.iter_modules(__path__)),
        key=lambda check: (check.level, check.id),
    )
)
"""Every control, in the order of evaluation and of messages: baseline first, each level sorted by id."""
