"""What there is to say of the profiles of nodes, and of the workloads of a cluster that use them.

The module ``in_json`` makes the format ``json``, and so on: each has ``rendered(scan, look)``.
"""

from importlib import import_module
from typing import Final

from webhook.reports.formats import Look
from webhook.reports.profiles.scan import ProfileScan

FORMATS: Final = ("json", "text")
"""What can be asked for."""


def rendered(format_name: str, scan: ProfileScan, look: Look) -> str:
    """*scan* in one of ``FORMATS``."""
    text: str = import_module(f"{__name__}.in_{format_name}").rendered(scan, look)
    return text
