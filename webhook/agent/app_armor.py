"""The AppArmor profiles that are loaded in the kernel.

Source: Linux kernel, ``security/apparmor/apparmorfs.c``: a line is the profile's name and its mode in
parentheses; the list is open to root and to root's group.
"""

import re
from pathlib import Path
from typing import Final

from webhook.nodes.report import AppArmorProfile

_LARGEST: Final = 1 << 20
_LINE: Final = re.compile(r"(?P<name>.+) \((?P<mode>[a-z]+)\)")


def app_armor_in(file: Path) -> tuple[AppArmorProfile, ...] | None:
    """The profiles that *file* lists, sorted; None where there is no such file: the kernel has no AppArmor.

    Raises OSError where it cannot be read.
    """
    try:
        with file.open("rb") as listed:
            text = listed.read(_LARGEST).decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    lines = (_LINE.fullmatch(line) for line in text.splitlines())
    return tuple(sorted(AppArmorProfile(line["name"], line["mode"]) for line in lines if line))
