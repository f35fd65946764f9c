"""``AdmissionConfiguration``: the API server's file that holds, or names, the one of Pod Security.

Source: Kubernetes API reference, ``apiserver.config.k8s.io/v1`` AdmissionConfiguration.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from webhook.config.shape import ANYTHING, checked

VERSIONS: Final = ("apiserver.config.k8s.io/v1", "apiserver.k8s.io/v1alpha1")
KIND: Final = "AdmissionConfiguration"
PLUGIN: Final = "PodSecurity"

_SHAPE: Final = {
    "apiVersion": str,
    "kind": str,
    "plugins": [{"name": str, "path": str, "configuration": ANYTHING}],
}


class PluginFile(NamedTuple):
    """The file that holds the plugin's configuration; a relative path starts at the file that names it."""

    path: str


class Embedded(NamedTuple):
    """The plugin's configuration, in the file itself."""

    document: Any


def plugin_configuration(document: Mapping[str, Any]) -> Embedded | PluginFile | None:
    """What an ``AdmissionConfiguration`` says of Pod Security, if it does. Raises ConfigurationError.

    As in the API server, the first entry of that name counts, and what it holds comes before the file
    that it names.
    """
    for plugin in checked(document, _SHAPE).get("plugins") or ():
        if plugin is not None and plugin.get("name") == PLUGIN:
            if plugin.get("configuration") is not None:
                return Embedded(plugin["configuration"])
            return PluginFile(plugin["path"]) if plugin.get("path") else None
    return None
