"""Whether to write in color."""

import os
from typing import IO


def has_color(stream: IO[bytes]) -> bool:
    """A terminal is written to in color; NO_COLOR forbids it everywhere, FORCE_COLOR asks for it everywhere.

    Source: no-color.org, force-color.org; NO_COLOR wins, as in Python itself.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
