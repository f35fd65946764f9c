"""Configuration files, already parsed, become settings: the built-in plugin's files verbatim, and our own.

No input or output here: who reads files and YAML calls ``settings_of`` with what was in them.
"""

from webhook.config.changes import changes
from webhook.config.configuration import KIND as OWN_KIND
from webhook.config.document import settings_of, settings_of_plugin
from webhook.config.errors import ConfigurationError, Problem
from webhook.config.plugins import PluginFile
from webhook.config.settings import DEFAULTS, Loaded, Settings

__all__ = [
    "DEFAULTS",
    "OWN_KIND",
    "ConfigurationError",
    "Loaded",
    "PluginFile",
    "Problem",
    "Settings",
    "changes",
    "settings_of",
    "settings_of_plugin",
]
