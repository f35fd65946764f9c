"""In which state files were when they were read, so that one sees when they must be read again."""

import os
from pathlib import Path

FileState = tuple[str, int, int, int, int]
"""Where a file really is, what it is mounted from included; which one, how large, and when it was changed."""


def state_of(path: Path, found: os.stat_result) -> FileState:
    """The state of the file at *path*, of which *found* was said."""
    return str(path), found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
