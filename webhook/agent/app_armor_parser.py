"""Loads AppArmor profiles into the kernel, by the parser that distributions bring for that.

A profile is never unloaded: the kernel would leave the processes that it confines without one.
Source: Linux manual pages, apparmor_parser(8), options ``--replace`` and ``--remove``.
"""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from webhook.agent.inotify import Changes
from webhook.agent.record import digest_of
from webhook.agent.sources import wanted_from
from webhook.agent.told import Told

_PARSER: Final = "apparmor_parser"
# Where a program that only root runs is, and a user's PATH may not lead.
_PLACES: Final = "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"
_PATIENCE: Final = 60.0
_LONGEST: Final = 500


class AppArmorParser:
    """Loads the profiles of *sources*; *places* are folders of programs, as ``$PATH`` has them."""

    def __init__(self, sources: Sequence[Path], told: Told, places: str = _PLACES) -> None:
        self._sources = tuple(sources)
        self._told = told
        self._places = places
        self._done: dict[str, str] = {}

    def turn(self, changes: Changes | None = None) -> None:
        """Load what is not loaded by us as it is; *changes* tells when that is something else."""
        wanted = wanted_from(self._sources, changes.add_source if changes else None)
        for problem in wanted.problems:
            self._told.once(f"app-armor {problem}", "error", f"AppArmor profiles to load: {problem}")
        parser = shutil.which(_PARSER, path=self._places)
        if wanted.files and parser is None:
            words = f"there is no {_PARSER} here: {len(wanted.files)} AppArmor profiles are not loaded"
            self._told.once("app-armor parser", "error", words)
            return
        for path, content in sorted(wanted.files.items()):
            # One that fails is tried again when it is another one.
            if parser and self._done.get(path) != digest_of(content):
                self._done[path] = digest_of(content)
                self._load(parser, path, content)

    def _load(self, parser: str, path: str, content: bytes) -> None:
        try:
            done = subprocess.run(  # noqa: S603 - found in folders that only root writes
                [parser, "--replace"], input=content, capture_output=True, check=False, timeout=_PATIENCE
            )
        except (OSError, subprocess.SubprocessError) as error:
            self._told.now("error", f"AppArmor profile {path} is not loaded: {error}")
            return
        if done.returncode:
            said = " ".join(done.stderr.decode("utf-8", "replace").split())[:_LONGEST]
            self._told.now("error", f"AppArmor profile {path} is not loaded: {said}")
        else:
            self._told.now("info", f"loaded AppArmor profile {path}, {digest_of(content)}")
