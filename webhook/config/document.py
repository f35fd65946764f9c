"""A parsed configuration file, of whichever kind it is."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from webhook.config import configuration, plugins, pod_security
from webhook.config.configuration import configuration_settings
from webhook.config.errors import ConfigurationError, Problem
from webhook.config.plugins import Embedded, PluginFile, plugin_configuration
from webhook.config.pod_security import pod_security_settings
from webhook.config.settings import DEFAULTS, Settings
from webhook.policy.quoting import go_quoted

_Reader = TypeVar("_Reader")


def settings_of(document: Any) -> Settings | PluginFile:  # noqa: ANN401 - a parser's result
    """The settings that a configuration file comes to, or the file that holds them.

    Raises ConfigurationError. An empty file stands for ``DEFAULTS``, and has no document to be read here.
    """
    return _reader(document, _READERS)(document)


def settings_of_plugin(document: Any) -> Settings:  # noqa: ANN401 - a parser's result
    """The settings in the file that a ``PluginFile`` names. Raises ConfigurationError."""
    return _reader(document, _PLUGIN_READERS)(document)


def _of_admission_configuration(document: Mapping[str, Any]) -> Settings | PluginFile:
    found = plugin_configuration(document)
    if isinstance(found, Embedded):
        return settings_of_plugin(found.document)
    return found or DEFAULTS


_PLUGIN_READERS: Final[Mapping[tuple[str, str], Callable[[Mapping[str, Any]], Settings]]] = {
    (version, pod_security.KIND): pod_security_settings for version in pod_security.VERSIONS
}
# A further kind of file is a further entry.
_READERS: Final[Mapping[tuple[str, str], Callable[[Mapping[str, Any]], Settings | PluginFile]]] = {
    **_PLUGIN_READERS,
    **{(version, plugins.KIND): _of_admission_configuration for version in plugins.VERSIONS},
    (configuration.VERSION, configuration.KIND): configuration_settings,
}


def _reader(document: Any, readers: Mapping[tuple[str, str], _Reader]) -> _Reader:  # noqa: ANN401 - as above
    known = ", ".join(f"{kind} of {version}" for version, kind in readers)
    if not isinstance(document, Mapping):
        raise _refused("kind", f"a configuration is an object with apiVersion and kind (known are {known})")
    for field, called in (("kind", "Kind"), ("apiVersion", "apiVersion")):
        text = document.get(field)
        if text is None or text == "":
            raise _refused(field, f"Object '{called}' is missing (known are {known})")
        if not isinstance(text, str):
            raise _refused(field, f"{field}: must be a string")
    key = version, kind = document["apiVersion"], document["kind"]
    if key not in readers:
        unknown = f"no kind {go_quoted(kind)} is registered for version {go_quoted(version)}"
        raise _refused("apiVersion", f"{unknown} (known are {known})")
    return readers[key]


def _refused(field: str, text: str) -> ConfigurationError:
    return ConfigurationError(text, (Problem(field, text),))
