"""The commands, one module each, named as the command.

A module here that exports ``command`` is one: there is no list to edit. Only the module of the command
that runs is imported, so that ``check`` need not wait for what ``serve`` needs.
"""

import pkgutil

NAMES: tuple[str, ...] = tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))
