"""The section ``mutation`` of our configuration: which defaults are put into pods."""

from collections.abc import Mapping
from typing import Any, Final

from webhook.config.errors import ConfigurationError, Problem
from webhook.mutation import NONE, RESTRICTED, STANDARD, Switches
from webhook.mutation.switches import KNOWN
from webhook.policy.nearest import did_you_mean

BUNDLES: Final[Mapping[str, Switches]] = {"standard": STANDARD, "restricted": RESTRICTED, "none": NONE}
"""Switches by one name; a file that names no bundle has the first."""

FIELDS: Final = {"bundle": str, "switches": dict.fromkeys(sorted(KNOWN), bool)}


def switches_in(section: Mapping[str, Any]) -> Switches:
    """The switches of the bundle, with the single ones turned after it. Raises ConfigurationError."""
    written = section.get("bundle")
    name = "standard" if written is None else written
    if name not in BUNDLES:
        known = f"must be one of {', '.join(BUNDLES)}{did_you_mean(name, BUNDLES)}"
        raise ConfigurationError.of((Problem("bundle", f"bundle: {known}"),))
    on = set(BUNDLES[name].on)
    for switch, is_on in (section.get("switches") or {}).items():
        if is_on is not None:
            (on.add if is_on else on.discard)(switch)
    return Switches.of(on)
