"""A folder of profiles on this machine, in the place of a cluster's nodes."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Never

import click

from webhook.cli.cluster import Asked
from webhook.reports.printable import printable

if TYPE_CHECKING:
    from webhook.admission import Cluster
    from webhook.nodes.inventory import Snapshot
    from webhook.nodes.report import NodeReport
    from webhook.policy.pod import Pod

_EVERY: Final = 1.0
"""Seconds between two looks: what has not changed is not read again."""
_NODE: Final = "this-node"


class UnreadableFolder(click.ClickException):
    """The folder cannot be read; the message says why."""


class ProfileFolder:
    """The profiles in *path*, as those of the only node, *called* so. Raises UnreadableFolder."""

    def __init__(self, path: Path, called: str = _NODE) -> None:
        from webhook.agent.folder import Folder  # noqa: PLC0415 - few runs have a folder to read
        from webhook.agent.judged import class_and_error  # noqa: PLC0415 - as above
        from webhook.agent.machine import target_of, this_machine  # noqa: PLC0415 - as above

        self._path = path
        self._called = called
        self._machine = machine = this_machine()
        target = target_of(machine)
        self._folder = Folder(path.absolute(), lambda content: class_and_error(content, target))
        self._set(self._read())

    def snapshot(self) -> "Snapshot":
        """What is known now."""
        return self._snapshot

    def look(self) -> bool:
        """Read what has changed, and return whether anything had.

        Raises UnreadableFolder: what was known stays.
        """
        report = self._read()
        if report == self._report:
            return False
        self._set(report)
        return True

    def follow(self, observer: Any) -> None:  # noqa: ANN401 - the server's, which is not imported before it runs
        """Look again and again from now on, in a thread, and tell *observer*."""
        Thread(target=self._run, args=(observer.of("node profiles"),), name="profiles", daemon=True).start()

    def _run(self, told: Any) -> Never:  # noqa: ANN401 - as above
        told.knows(1)
        told.is_behind(None)
        trouble = ""
        told.said("info", self._words("following"))
        while True:
            time.sleep(_EVERY)
            try:
                has_changed = self.look()
            except UnreadableFolder as error:
                if trouble != error.message:
                    trouble = error.message
                    told.is_behind(time.time())
                    told.said("warning", f"{trouble}; going on with the profiles that were there")
                continue
            if has_changed or trouble:
                trouble = ""
                told.is_behind(None)
                told.said("info", self._words("read again"))

    def _words(self, what: str) -> str:
        return f"{what}: the profiles in {self._path}; {len(self._report.seccomp)} are known"

    def _read(self) -> "NodeReport":
        from webhook.agent.folder import FolderGone  # noqa: PLC0415 - as above
        from webhook.nodes.report import NodeReport  # noqa: PLC0415 - as above

        try:
            found = self._folder.found()
        except FolderGone as error:
            raise UnreadableFolder(printable(str(error))) from error
        except OSError as error:
            raise UnreadableFolder(f"{printable(str(self._path))}: {error.strerror}") from error
        if not found.exists:
            raise UnreadableFolder(f"{printable(str(self._path))}: there is no such folder")
        return NodeReport(
            self._called,
            architecture=self._machine.architecture,
            seccomp=found.files,
            left_out=found.left_out,
        )

    def _set(self, report: "NodeReport") -> None:
        from webhook.nodes.single import snapshot_of_one  # noqa: PLC0415 - as above

        self._report = report
        self._snapshot = snapshot_of_one(report)


class WithProfiles:
    """*cluster*, with the profiles of a folder in the place of those of its nodes."""

    def __init__(self, cluster: "Cluster", profiles: ProfileFolder) -> None:
        self._cluster = cluster
        self._profiles = profiles

    def labels_of(self, namespace: str, deadline: float | None = None) -> Mapping[str, str]:
        """As the cluster's."""
        return self._cluster.labels_of(namespace, deadline)

    def pods_in(self, namespace: str, deadline: float) -> Iterable["Pod"]:
        """As the cluster's."""
        return self._cluster.pods_in(namespace, deadline)

    def inventory(self) -> "Snapshot":
        """The folder's."""
        return self._profiles.snapshot()


def with_folder(asked: Asked, path: Path) -> Asked:
    """*asked*, with the folder *path* in the place of nodes. Raises UnreadableFolder."""
    profiles = ProfileFolder(path)

    def follow(observer: Any) -> None:  # noqa: ANN401 - as above
        if asked.follow is not None:
            asked.follow(observer)
        profiles.follow(observer)

    return Asked(
        WithProfiles(asked.cluster, profiles),
        WithProfiles(asked.at_once, profiles),
        asked.waits_for,
        follow,
    )
