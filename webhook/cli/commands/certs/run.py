"""``certs run``: the controller that keeps certificates fresh and published."""

import os
import random
import secrets
import signal
import socket
import time
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import click

from webhook.cli.certificate_options import SETTINGS, options
from webhook.cli.certificate_pages import serve_pages
from webhook.cli.certificates import Setup
from webhook.cli.certificates_told import Logged
from webhook.cli.duration import Duration

if TYPE_CHECKING:
    from datetime import timedelta

    from certs.api import Api
    from certs.controller import Controller
    from certs.rotate import Outcome
    from webhook.server.journal import Journal


class _Alone:
    """Nobody else rotates in a folder."""

    leads = True


@click.command(context_settings=SETTINGS)
@click.option(
    "--interval", type=Duration(), default="1m", help="Time between two rounds; changes are seen at once."
)
@click.option(
    "--lease", metavar="NAME", default="seccomp-webhook-certificates", help="Lease of the one that rotates."
)
@click.option(
    "--metrics-address",
    metavar="ADDRESS",
    default="0.0.0.0",  # noqa: S104 - a pod is reached by its own
    help="Where /metrics, /livez and /readyz are.",
)
@click.option(
    "--metrics-port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    default=8080,
    help="Their port; 0 takes a free one.",
)
@options
def command(
    *,
    interval: "timedelta",
    lease: str,
    metrics_address: str,
    metrics_port: int,
    **given: Any,  # noqa: ANN401 - the options of Setup
) -> int:
    """Keep the certificates fresh, and the bundle where it belongs.

    One of several processes works, the one that holds the Lease. A bundle that somebody takes away is back
    within seconds. The log goes to standard output, as that of serve.
    """
    from certs.controller import Controller  # noqa: PLC0415 - help need not wait for it
    from certs.metrics import Metrics  # noqa: PLC0415 - as above
    from webhook.server.journal import Journal  # noqa: PLC0415 - as above

    setup = Setup(**given)
    stopped, metrics, journal = Event(), Metrics(), Journal()
    told = Logged(journal.say, metrics)
    api = setup.api()
    who = _identity()
    turned = [time.monotonic()]

    def saw(outcome: "Outcome | None") -> None:
        turned[0] = time.monotonic()
        metrics.saw(outcome)
        told.problems(outcome.problems if outcome else ())

    rounds = setup.rounds(api, told)
    controller = Controller(
        rounds=rounds, leader=_Alone(), interval=interval.total_seconds(), chance=random.random, saw=saw
    )

    def stop(_signal: int, _frame: object) -> None:
        stopped.set()
        controller.wake()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    port = serve_pages(metrics_address, metrics_port, metrics, lambda: time.monotonic() - turned[0])
    journal.say("info", "start", f"keeping certificates as {who}; metrics are on port {port}")
    electing = None
    if api is not None and setup.folder is None:
        electing = _elect(setup, api, lease, who, controller, stopped, journal)
    if api is not None:
        _watch(setup, api, controller, stopped, journal)
    try:
        controller.run(stopped)
    finally:
        # Whoever leaves lets others go on.
        stopped.set()
        if electing is not None:
            electing.join(5.0)
    journal.say("info", "stop", "stopped")
    return 0


def _identity() -> str:
    """This process, told from every other, also from one that had its name and number."""
    return f"{socket.gethostname()}_{os.getpid()}_{secrets.token_hex(4)}"


def _elect(  # noqa: PLR0913, PLR0917 - all that an election touches
    setup: Setup,
    api: "Api",
    lease: str,
    who: str,
    controller: "Controller",
    stopped: Event,
    journal: "Journal",
) -> Thread:
    from certs.leader import Leader  # noqa: PLC0415 - as above

    def changed() -> None:
        words = "this process rotates now" if leader.leads else "another process rotates now"
        journal.say("info", "leader", words)
        controller.wake()

    def failed(problem: str) -> None:
        journal.say("warning", "leader", problem)

    leader = Leader(api, setup.home, lease, who, time.monotonic, changed, failed)
    controller.leader = leader
    thread = Thread(target=leader.run, args=(stopped,), name="leader")
    thread.start()
    return thread


def _watch(setup: Setup, api: "Api", controller: "Controller", stopped: Event, journal: "Journal") -> None:
    from certs.watches import Watches, of_configuration, of_secret  # noqa: PLC0415 - as above

    watched = [of_configuration(each) for each in setup.configurations]
    if setup.folder is None:
        watched.append(of_secret(setup.home, setup.authority_secret))
        if not setup.is_sourced:
            watched.append(of_secret(setup.home, setup.secret))
    if setup.from_secret is not None:
        watched.append(of_secret(setup.home, setup.from_secret))

    def failed(problem: str) -> None:
        journal.say("warning", "watch", f"{problem}; changes are seen at the next round")

    Watches(api, controller.wake, failed).start(watched, stopped)
