"""The processes of the server, and what is shared by them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn

from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker as AnyWorker

from webhook.admission import Answer, Cluster, mutate, review
from webhook.config import Loaded
from webhook.server.journal import Journal
from webhook.server.listening import refuse_a_taken_port
from webhook.server.memory import give_large_blocks_back
from webhook.server.options import ServeOptions
from webhook.server.shared_counters import count_together
from webhook.server.signals import hold_signals_over_forks
from webhook.server.tls import Credentials, Source

if TYPE_CHECKING:
    from webhook.server.serving import Service


def serve(options: ServeOptions) -> NoReturn:
    """Serve until the process is told to stop, and leave it then.

    Raises CannotServe when there is no certificate to serve, or no such address to listen at.
    """
    refuse_a_taken_port(options.address, options.port)
    give_large_blocks_back()
    hold_signals_over_forks()
    count_together(options.workers)
    journal = Journal()
    service, follow = _service(options, journal)
    from webhook.server.gunicorn_settings import gunicorn_settings  # noqa: PLC0415 - late, as in _service

    settings = gunicorn_settings(options, journal)
    _Gunicorn(settings | {"post_worker_init": follow}, service).run()
    raise SystemExit(0)


class _Gunicorn(BaseApplication):
    def __init__(self, settings: dict[str, Any], service: "Service") -> None:
        self._settings = settings
        self._service = service
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - gunicorn hands it to the worker, whatever it is
        return self._service


def _today() -> date:
    return datetime.now(UTC).date()


def _service(options: ServeOptions, journal: Journal) -> tuple["Service", Callable[[AnyWorker], None]]:
    """What a worker serves, and what it has to start for it. Raises CannotServe."""
    # Where numbers are kept is settled when these are imported.
    from webhook.server.application import application  # noqa: PLC0415 - late, as said
    from webhook.server.certificate_report import CertificateReport  # noqa: PLC0415 - as above
    from webhook.server.cluster_report import ClusterReport  # noqa: PLC0415 - as above
    from webhook.server.configuration import Configuration  # noqa: PLC0415 - as above
    from webhook.server.configuration_report import ConfigurationReport  # noqa: PLC0415 - as above
    from webhook.server.dispatch import Dispatch  # noqa: PLC0415 - as above
    from webhook.server.door import Door  # noqa: PLC0415 - as above
    from webhook.server.inventory_switch import InventorySwitch  # noqa: PLC0415 - as above
    from webhook.server.metrics import Metrics  # noqa: PLC0415 - as above
    from webhook.server.serving import Service  # noqa: PLC0415 - as above

    metrics = Metrics()
    report = CertificateReport(journal, metrics.registry)
    credentials = Credentials(Source(options.tls_dir, options.client_authority), report, options.renew)
    told = ConfigurationReport(journal, metrics.registry)
    loaded = Loaded(options.settings, options.configuration_files)
    switch = InventorySwitch(told, options.follow_nodes)
    configuration = Configuration(loaded, switch, _today, options.load)

    def decide(body: bytes, *, deadline: float | None, cluster: Cluster) -> Answer:
        settings = configuration.settings
        return review(
            body,
            settings=settings,
            cluster=cluster,
            clock=monotonic,
            deadline=deadline,
            audit_only=options.audit_only,
            today=_today,
        )

    def put_in(body: bytes, *, deadline: float | None, cluster: Cluster) -> Answer:
        settings = configuration.settings
        return mutate(body, settings=settings, cluster=cluster, deadline=deadline, today=_today)

    door = Door(
        partial(decide, cluster=options.cluster),
        at_once=None if options.at_once is None else partial(decide, cluster=options.at_once),
        mutate=partial(put_in, cluster=options.cluster),
        mutate_at_once=None if options.at_once is None else partial(put_in, cluster=options.at_once),
        journal=journal,
        metrics=metrics,
        waiting=(lambda: credentials.problem(datetime.now(UTC)), options.waits_for),
        places=options.threads,
        lines_a_second=options.log_rate,
    )
    clients = None if options.client_authority is None else options.client_names
    dispatch = Dispatch(door, application(door), threads=options.threads, clients=clients)

    def follow(_worker: AnyWorker) -> None:
        # A worker may begin long after the files were read, with a certificate that nobody trusts any more.
        credentials.look()
        report.serves(credentials.served.validity.ends)
        told.begins()
        if options.follow is not None:
            options.follow(ClusterReport(journal, metrics.registry))
        switch.begins(configuration.settings)

    def refused(address: str, problem: str) -> None:
        metrics.refused("handshake")
        journal.say("warning", "handshake", f"{address}: {problem}" if address else problem)

    return Service(options, dispatch, credentials, configuration, metrics, refused), follow
