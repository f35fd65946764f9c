"""``agent``: tell which profiles this node holds, and put profiles there."""

import os
import platform
import random
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from webhook.cli.duration import Duration
from webhook.reports.printable import printable

if TYPE_CHECKING:
    from datetime import timedelta

    from webhook.agent.rounds import Installs, Rounds
    from webhook.agent.survey import Places
    from webhook.agent.told import Severity, Told

_FOLDER: Final = "/var/lib/kubelet/seccomp"
_APP_ARMOR: Final = "/sys/kernel/security/apparmor/profiles"
_PATIENCE: Final = 300.0
"""Seconds without a sign of life after which the process ends itself."""
_UNREADABLE: Final = 2


@click.command(context_settings={"show_default": True})
@click.option(
    "--seccomp-dir", metavar="DIR", default=_FOLDER, help="The kubelet's folder of seccomp profiles."
)
@click.option(
    "--app-armor", metavar="FILE", default=_APP_ARMOR, help="The kernel's list of AppArmor profiles."
)
@click.option(
    "--node-name",
    metavar="NAME",
    envvar="NODE_NAME",
    help="Name of this node; else $NODE_NAME, or the host's.",
)
@click.option("--once", is_flag=True, help="Print what this node holds, and end: no cluster is asked.")
@click.option(
    "-o", "output", type=click.Choice(["json"]), default="json", help="How it is printed with --once."
)
@click.option(
    "--kubeconfig", metavar="FILE", help="Cluster to tell; else the one that this runs in, or $KUBECONFIG."
)
@click.option(
    "--install-from",
    "sources",
    metavar="DIR",
    multiple=True,
    help="Folder of profiles to put on this node, such as a mounted ConfigMap. Repeatable.",
)
@click.option(
    "--app-armor-from",
    "app_armor_sources",
    metavar="DIR",
    multiple=True,
    help="Folder of AppArmor profiles to load with apparmor_parser, where this machine has it. Repeatable.",
)
@click.option("--label-node", is_flag=True, help="Label the node with its profiles, for node selectors.")
@click.option(
    "--interval",
    type=Duration(),
    default="10m",
    help="Time between two checks of everything; changes are seen at once.",
)
@click.option(
    "--spread",
    type=Duration(),
    default="5s",
    help="Longest time that a change waits, so that nodes do not tell at once.",
)
def command(  # noqa: PLR0913 - an argument for each option
    *,
    seccomp_dir: str,
    app_armor: str,
    node_name: str | None,
    once: bool,
    output: str,  # noqa: ARG001 - there is one format
    kubeconfig: str | None,
    sources: tuple[str, ...],
    app_armor_sources: tuple[str, ...],
    label_node: bool,
    interval: "timedelta",
    spread: "timedelta",
) -> int:
    """Tell which profiles this node holds, and put profiles there.

    Runs on every node, and keeps the node's NodeProfiles object up: seccomp profiles with their digests and
    classes, AppArmor profiles, and what runs containers there. The log goes to standard output, as that of
    serve.
    """
    from webhook.agent.survey import Places, Survey  # noqa: PLC0415 - help need not wait for it
    from webhook.agent.told import Told  # noqa: PLC0415 - as above

    name = node_name or platform.node().lower()
    places = Places(name, Path(seccomp_dir).absolute(), Path(app_armor))
    if once:
        if sources or app_armor_sources:
            raise click.UsageError("--once only looks: leave out --install-from and --app-armor-from.")
        return _print(places, Told(_complain))
    from webhook.agent.app_armor_parser import AppArmorParser  # noqa: PLC0415 - as above
    from webhook.agent.hang import Watchdog  # noqa: PLC0415 - as above
    from webhook.agent.installer import Asks, Installer  # noqa: PLC0415 - as above
    from webhook.agent.publication import Publication  # noqa: PLC0415 - as above
    from webhook.agent.rounds import Around, Rounds, Times  # noqa: PLC0415 - as above
    from webhook.cli.cluster import access  # noqa: PLC0415 - as above
    from webhook.cluster.node import NodeApi, can_be_a_node  # noqa: PLC0415 - as above
    from webhook.server.journal import Journal  # noqa: PLC0415 - as above

    if not can_be_a_node(name):
        raise click.UsageError(f"{printable(name)!r} cannot be the name of a node: give --node-name.")
    cluster = access(kubeconfig, os.environ, ", or use --once")
    journal = Journal()
    told = Told(lambda severity, words: journal.say(severity, "agent", words))
    hangs = f"nothing was done for {_PATIENCE:.0f} seconds: ending, to be started again"
    watchdog = Watchdog(_PATIENCE, lambda: told.now("critical", hangs))
    survey, api = Survey(places, told), NodeApi(cluster, name)
    installs: list[Installs] = []
    if sources:
        asks = Asks(survey.wrong_with, api.profiles_in_use, interval.total_seconds())
        installs.append(Installer(places.folder, [Path(each) for each in sources], asks, told))
    if app_armor_sources:
        installs.append(AppArmorParser([Path(each) for each in app_armor_sources], told))
    rounds = Rounds(
        survey,
        Publication(api, labels=label_node),
        told,
        times=Times(interval.total_seconds(), spread=spread.total_seconds()),
        world=Around(time.monotonic, random.random, watchdog.beat),
        installs=installs,
    )
    watchdog.start()
    told.now("info", f"telling of the profiles of node {name} in {places.folder}")
    status = _run(rounds, told)
    told.now("info", "stopped")
    return status


def _print(places: "Places", told: "Told") -> int:
    """Print what the node holds, as the object that would be published."""
    import json  # noqa: PLC0415 - as above

    from webhook.agent.folder import FolderGone  # noqa: PLC0415 - as above
    from webhook.agent.machine import this_machine  # noqa: PLC0415 - as above
    from webhook.agent.survey import Survey  # noqa: PLC0415 - as above
    from webhook.nodes.wire import GROUP, KIND, VERSION, status_of  # noqa: PLC0415 - as above

    survey = Survey(places, told)
    survey.set_machine(this_machine())
    try:
        status = status_of(survey.report())
    except FolderGone as gone:
        raise click.ClickException(printable(str(gone))) from gone
    except OSError as error:
        raise click.ClickException(f"{printable(str(places.folder))}: {error.strerror}") from error
    metadata = {"name": places.node}
    found = {"apiVersion": f"{GROUP}/{VERSION}", "kind": KIND, "metadata": metadata, "status": status}
    click.echo(json.dumps(found, indent=2))
    return 0


def _run(rounds: "Rounds", told: "Told") -> int:
    """Work until a signal comes; the exit status."""
    from webhook.agent.folder import FolderGone  # noqa: PLC0415 - as above

    stop, wake = os.pipe()

    def end(_signal: int, _frame: object) -> None:
        os.write(wake, b"\0")

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    try:
        rounds.run(stop)
    except FolderGone as gone:
        told.now("error", str(gone))
        return _UNREADABLE
    return 0


def _complain(severity: "Severity", words: str) -> None:
    click.echo(f"{severity}: {printable(words)}", err=True)
