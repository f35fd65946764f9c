"""One look at the node: the folder, AppArmor and the machine, put together to a report."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from webhook.agent.app_armor import app_armor_in
from webhook.agent.folder import Folder, Found
from webhook.agent.judged import class_and_error, wrong_with
from webhook.agent.limits import LIMITS, Limits, length
from webhook.agent.machine import Machine, target_of
from webhook.agent.told import Told
from webhook.nodes.report import AppArmorProfile, NodeReport
from webhook.nodes.wire import UNJUDGED
from webhook.seccomp.target import Target

ClassOf = Callable[[bytes, Target], tuple[str, str]]
"""The class of a profile's text on a target, and what is wrong with it or ""."""


class Places(NamedTuple):
    """What is looked at: the node by its name, its folder of seccomp profiles, the list of AppArmor's."""

    node: str
    folder: Path
    app_armor: Path


class Survey:
    """Looks at *places*; the class of a profile is what *class_of* says."""

    def __init__(
        self, places: Places, told: Told, limits: Limits = LIMITS, class_of: ClassOf = class_and_error
    ) -> None:
        self.root = places.folder
        self._node = places.node
        self._app_armor = places.app_armor
        self._class_of = class_of
        self._told = told
        self._limits = limits
        self._machine = Machine()
        self._folder = self._folder_for(self._machine)

    def set_machine(self, machine: Machine) -> None:
        """Judge for *machine* from now on."""
        if machine != self._machine:
            self._machine = machine
            self._folder = self._folder_for(machine)

    def wrong_with(self, content: bytes) -> str:
        """Why *content* is no profile that loads here, or ""."""
        try:
            return wrong_with(content, target_of(self._machine))
        except Exception as error:  # noqa: BLE001 - whatever a bug of ours is, the others are installed
            return f"a bug: it is not judged: {type(error).__name__}: {error}"

    def forget(self) -> None:
        """Read everything anew the next time."""
        self._folder.forget()

    def report(
        self, saw: Callable[[int], None] = lambda _: None, beat: Callable[[], None] = lambda: None
    ) -> NodeReport:
        """What the node holds now. Raises OSError where the folder cannot be read, and FolderGone."""
        found = self._folder.found(saw, beat)
        self._tell(found)
        loaded = self._loaded()
        app_armor = None if loaded is None else self._bounded(loaded)
        machine = self._machine
        return NodeReport(
            self._node,
            runtime=machine.runtime,
            runtime_version=machine.runtime_version,
            kernel=machine.kernel,
            architecture=machine.architecture,
            seccomp=found.files,
            app_armor=app_armor,
            left_out=found.left_out + len(loaded or ()) - len(app_armor or ()),
        )

    def _folder_for(self, machine: Machine) -> Folder:
        target = target_of(machine)
        return Folder(self.root, lambda content: self._judged(content, target), self._limits)

    def _judged(self, content: bytes, target: Target) -> tuple[str, str]:
        """A text that the judge stumbles on is one of many: the others are told of all the same."""
        try:
            return self._class_of(content, target)
        except Exception as error:  # noqa: BLE001 - whatever a bug of ours is
            words = f"a bug: a profile of {len(content)} bytes is not judged: {type(error).__name__}: {error}"
            self._told.once("judge", "error", words)
            return UNJUDGED, ""

    def _loaded(self) -> tuple[AppArmorProfile, ...] | None:
        try:
            found = app_armor_in(self._app_armor)
        except OSError as error:
            self._told.once(
                "app-armor", "error", f"{self._app_armor}: {error.strerror}; AppArmor is not told of"
            )
            return None
        self._told.over("app-armor")
        return found

    def _bounded(self, loaded: tuple[AppArmorProfile, ...]) -> tuple[AppArmorProfile, ...]:
        """Those of *loaded* that a report has room for."""
        told: list[AppArmorProfile] = []
        text = 0
        for profile in loaded:
            if len(profile.name) > self._limits.name:
                continue
            text += length(profile.name)
            if text > self._limits.text or len(told) >= self._limits.files:
                break
            told.append(profile)
        if len(told) < len(loaded):
            words = f"{len(loaded) - len(told)} profiles are too many or have too long names, and not told of"
            self._told.once("app-armor-left-out", "warning", f"{self._app_armor}: {words}")
        else:
            self._told.over("app-armor-left-out")
        return tuple(told)

    def _tell(self, found: Found) -> None:
        if found.exists:
            self._told.over("folder")
        else:
            self._told.once("folder", "warning", f"{self.root}: there is no such folder yet, so no profile")
        if found.left_out:
            words = f"{found.left_out} files or folders are too many, too deep or closed, and not told of"
            self._told.once("left-out", "warning", f"{self.root}: {words}")
        else:
            self._told.over("left-out")
