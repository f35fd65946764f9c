"""Controls beside the standards, one module each, off unless a configuration asks for them.

A module here that exports ``EXTRA`` is one: there is no list to edit.
"""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import Final

from webhook.policy.extra import Extra

EXTRAS: Final[Mapping[str, Extra]] = {
    extra.check.id: extra
    for found in pkgutil.iter_modules(__path__)
    for extra in (import_module(f"{__name__}.{found.name}").EXTRA,)
}
"""Every extra control, by its id."""
