"""The lints, one module each; README.md beside this file lists them.

A module here that exports ``LINT`` is a lint: there is no list to edit.
"""

import pkgutil
from importlib import import_module

from webhook.seccomp.lint import Lint, Severity

LINTS: tuple[Lint, ...] = tuple(
    sorted(
        (import_module(f"{__name__}.{found.name}").LINT for found in pkgutil.iter_modules(__path__)),
        key=lambda lint: (tuple(Severity).index(lint.severity), lint.id),
    )
)
"""Every lint: errors first, each severity sorted by id."""


def lint_called(name: str) -> Lint | None:
    """The lint with that id, whatever the case of its letters; None where there is none."""
    folded = name.casefold()
    return next((lint for lint in LINTS if lint.id == folded), None)
