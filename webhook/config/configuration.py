"""``Configuration``: our own kind of file, which holds all that there is to configure.

What Kubernetes' plugin knows stands in the section ``podSecurity``, with the plugin's fields and rules.
Unlike the plugin's, an error names the nearest field that there is.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from webhook.config import controls, exceptions, localhost_profiles, mutation, pod_security, workloads
from webhook.config.errors import ConfigurationError
from webhook.config.settings import DEFAULTS, Settings
from webhook.config.shape import departures

VERSION: Final = "seccomp-webhook.io/v1"
KIND: Final = "Configuration"

SHAPE: Final[Mapping[str, Any]] = {
    "apiVersion": str,
    "kind": str,
    "podSecurity": pod_security.FIELDS,
    "mutation": mutation.FIELDS,
    "exceptions": exceptions.FIELDS,
    "controls": controls.FIELDS,
    "enforceControllers": bool,
    "workloads": workloads.FIELDS,
    "localhostProfiles": localhost_profiles.FIELDS,
}


def configuration_settings(document: Mapping[str, Any]) -> Settings:
    """The settings in a ``Configuration``. Raises ConfigurationError with all that is wrong."""
    found = {}
    problems = departures(document, SHAPE)
    # A section of the wrong shape cannot be read any further; the others can, and all is told at once.
    unreadable = {each.path[0] for each in problems}
    for place, setting, read in _READERS:
        if place[0] in unreadable:
            continue
        written: Any = document
        for step in place:
            written = (written or {}).get(step)
        if written is not None:
            try:
                found[setting] = read(written)
            except ConfigurationError as error:
                problems += [each.below(place[0]) for each in error.problems]
    if problems:
        raise ConfigurationError.of(tuple(problems))
    return DEFAULTS._replace(**found)


# Where something stands, what it becomes in the settings, and what reads it.
_READERS: Final[tuple[tuple[tuple[str, ...], str, Callable[[Any], Any]], ...]] = (
    (("podSecurity", "defaults"), "defaults", pod_security.defaults_in),
    (("podSecurity", "exemptions"), "exemptions", pod_security.exemptions_in),
    (("mutation",), "mutation", mutation.switches_in),
    (("exceptions",), "exceptions", exceptions.exceptions_in),
    (("controls", "only"), "only", controls.only_in),
    (("controls",), "wanted", controls.wanted_in),
    (("workloads",), "workloads", workloads.workloads_in),
    (("enforceControllers",), "enforce_controllers", bool),
    (("localhostProfiles",), "localhost_profiles", localhost_profiles.localhost_profiles_in),
)
