"""The section ``localhostProfiles`` of our configuration: what is asked of pods with profiles of the node."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar

from webhook.config.errors import ConfigurationError, Problem
from webhook.config.shape import SCALAR
from webhook.nodes.localhost_profiles import Hold, LocalhostProfiles, Mode, NamespaceMode
from webhook.policy.nearest import did_you_mean
from webhook.policy.patterns import Name

FIELDS: Final = {
    # YAML as Kubernetes reads it takes off for false.
    "mode": SCALAR,
    "nodes": str,
    "namespaces": [{"names": [str], "mode": SCALAR}],
    "addNodeAffinity": bool,
    "seccompFolder": str,
}

FOLDER: Final = r"(/(?!\.\.?(/|$))[-A-Za-z0-9._@+]+)+/?"
"""The pattern of a folder's path."""

_FOLDER: Final = re.compile(FOLDER, re.ASCII)

_Word = TypeVar("_Word", bound=StrEnum)


def localhost_profiles_in(section: Mapping[str, Any]) -> LocalhostProfiles:
    """What *section* asks. Raises ConfigurationError with all that is wrong."""
    reading = _Reading()
    found = LocalhostProfiles(
        mode=reading.mode(section.get("mode"), "mode") or Mode.OFF,
        nodes=reading.word(section.get("nodes"), "nodes", Hold) or Hold.ALL,
        namespaces=tuple(
            reading.namespace_mode(each or {}, f"namespaces[{index}]")
            for index, each in enumerate(section.get("namespaces") or ())
        ),
        add_node_affinity=bool(section.get("addNodeAffinity")),
        seccomp_folder=reading.folder(section.get("seccompFolder"), "seccompFolder"),
    )
    if reading.problems:
        raise ConfigurationError.of(tuple(reading.problems))
    return found


class _Reading:
    """Collects what is wrong; what cannot be read becomes something harmless."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def mode(self, written: object, place: str) -> Mode | None:
        return self.word("off" if written is False else written, place, Mode)

    def word(self, written: object, place: str, words: type[_Word]) -> _Word | None:
        if written is None:
            return None
        known = tuple(words)
        if not isinstance(written, str) or written not in known:
            said = written if isinstance(written, str) else ""
            self._wrong(place, f"must be one of {', '.join(known)}{did_you_mean(said, known)}")
            return None
        return words(written)

    def namespace_mode(self, written: Mapping[str, Any], place: str) -> NamespaceMode:
        names: Sequence[str | None] = written.get("names") or ()
        if not names:
            self._wrong(f"{place}.names", "must name at least one namespace")
        if written.get("mode") is None:
            self._wrong(f"{place}.mode", "must be set")
        mode = self.mode(written.get("mode"), f"{place}.mode")
        return NamespaceMode(tuple(self._names(names, f"{place}.names")), mode or Mode.OFF)

    def folder(self, written: str | None, place: str) -> str:
        if written is None:
            return LocalhostProfiles().seccomp_folder
        if not _FOLDER.fullmatch(written):
            self._wrong(place, "must be the path of a folder, from the root and without ..")
        return written.rstrip("/")

    def _names(self, written: Sequence[str | None], place: str) -> list[Name]:
        found = []
        for index, text in enumerate(written):
            try:
                found.append(Name.parse(text or ""))
            except ValueError as error:
                self._wrong(f"{place}[{index}]", str(error))
        return found

    def _wrong(self, field: str, text: str) -> None:
        self.problems.append(Problem(field, f"{field}: {text}"))
