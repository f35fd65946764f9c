"""``serve``: the webhook over TLS."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from webhook.cli.cluster import Asked, live
from webhook.cli.configuration import settings_option
from webhook.cli.greeting import EVERY_ADDRESS, Greeting
from webhook.cli.profile_folder import with_folder
from webhook.cli.tally import UNREADABLE
from webhook.reports.formats.text import problem_line
from webhook.reports.printable import printable
from webhook.reports.verdict import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from certs import SelfSigned
    from webhook.config import Loaded
    from webhook.manifests.namespaces import ClusterOfManifests

# Not SECCOMP_WEBHOOK: where a Service is called seccomp-webhook, Kubernetes itself sets
# SECCOMP_WEBHOOK_PORT in every pod of its namespace, to tcp://10.0.0.1:443 or so.
_VARIABLES: Final = "SECCOMP_WEBHOOK_SERVE"


@click.command(
    context_settings={"auto_envvar_prefix": _VARIABLES, "show_default": True},
    epilog=f"Every option is also a variable of the environment: {_VARIABLES}_PORT stands for --port.",
)
@click.option("--address", metavar="ADDRESS", default="0.0.0.0", help="Address to listen on.")  # noqa: S104 - a pod is reached by its own
@click.option(
    "--port", metavar="PORT", type=click.IntRange(0, 65535), default=8443, help="Port; 0 takes a free one."
)
@click.option(
    "--workers", metavar="NUMBER", type=click.IntRange(1, 64), default=1, help="Processes that answer."
)
@partial(settings_option, variable=f"{_VARIABLES}_CONFIG")
@click.option(
    "--kubeconfig", metavar="FILE", help="Cluster to ask; else the one that this runs in, or $KUBECONFIG."
)
@click.option("--namespaces", metavar="FILE", help="Manifests of namespaces and pods, instead of a cluster.")
@click.option(
    "--profiles", metavar="DIR", help="Folder of seccomp profiles: that of the only node, whatever nodes say."
)
@click.option("--tls-dir", metavar="DIR", help="Folder with tls.crt and tls.key, as a Secret is mounted.")
@click.option("--self-signed", is_flag=True, help="Make the certificate in DIR, and an authority for it.")
@click.option(
    "--log-rate",
    metavar="LINES",
    type=click.IntRange(0),
    default=500,
    help="Refusals, and likewise admissions, logged in a second; the others are counted. 0 logs all.",
)
@click.option(
    "--audit-only", is_flag=True, help="Refuse nothing: let in what would be refused, with a warning."
)
@click.option(
    "--client-ca",
    metavar="FILE",
    help="Authority of the API server's client certificate; reviews without one are then refused. Probes and "
    "/metrics stay open.",
)
@click.option(
    "--client-name",
    "client_names",
    metavar="NAME",
    # click would look for the plural that the function has.
    envvar=f"{_VARIABLES}_CLIENT_NAME",
    multiple=True,
    help="Name in the API server's client certificate: its common name or an alternative one. Repeatable.",
)
def command(  # noqa: PLR0913 - an argument for each option
    *,
    address: str,
    port: int,
    workers: int,
    configuration: "Loaded | None",
    kubeconfig: str | None,
    namespaces: str | None,
    profiles: str | None,
    tls_dir: str | None,
    self_signed: bool,
    log_rate: int,
    audit_only: bool,
    client_ca: str | None,
    client_names: tuple[str, ...],
) -> NoReturn:
    """Serve the webhook over TLS.

    Reviews are answered at /validate and /mutate, probes at /livez and /readyz, counters at /metrics. The log
    goes to standard output, a line of JSON for each decision.
    """
    if namespaces is not None and kubeconfig is not None:
        raise click.UsageError("Name a cluster with --kubeconfig, or manifests with --namespaces; not both.")
    if tls_dir is None:
        raise click.UsageError("Name a folder for tls.crt and tls.key with --tls-dir DIR.")
    folder = Path(tls_dir)
    if (client_ca is None) != (not client_names):
        raise click.UsageError(
            "Give --client-ca and --client-name together: an authority vouches for more than the API server."
        )
    if namespaces is None:
        asked = live(kubeconfig, os.environ)
    else:
        manifests = _cluster_in(namespaces)
        asked = Asked(manifests, at_once=manifests)
    if profiles is not None:
        asked = with_folder(asked, Path(profiles))
    # Help and completion need not wait for what only a server needs.
    from webhook.config import DEFAULTS  # noqa: PLC0415 - as just said
    from webhook.server import CannotServe, ServeOptions, serve  # noqa: PLC0415 - as above

    options = ServeOptions(
        tls_dir=folder,
        settings=configuration.settings if configuration else DEFAULTS,
        configuration_files=configuration.files if configuration else (),
        load=_loader_of(configuration),
        cluster=asked.cluster,
        at_once=asked.at_once,
        waits_for=asked.waits_for,
        follow=asked.follow,
        follow_nodes=asked.follow_nodes,
        address=address,
        port=port,
        workers=workers,
        log_rate=log_rate,
        audit_only=audit_only,
        client_authority=Path(client_ca) if client_ca else None,
        client_names=frozenset(client_names),
    )
    if self_signed:
        renew = partial(_certify, folder, address)
        greet = partial(_greet, renew(), address, _review_beside(namespaces))
        options = replace(options, renew=renew, listening=greet)
    try:
        serve(options)
    except CannotServe as error:
        hint = "" if self_signed or (folder / "tls.crt").exists() else " (--self-signed makes one)"
        raise click.ClickException(f"{printable(str(error))}{hint}") from error


def _cluster_in(file: str) -> "ClusterOfManifests":
    """The cluster in *file*; what is wrong with it is told as ``FILE:LINE: message``. Raises Exit."""
    from webhook.manifests.namespaces import UnfitManifests, cluster_in  # noqa: PLC0415 - as above

    try:
        cluster = cluster_in(file)
    except UnfitManifests as error:
        for problem in error.problems:
            click.echo(problem_line(Problem(*problem)), err=True)
        raise click.exceptions.Exit(UNREADABLE) from error
    for place, line, doubt in cluster.doubts:
        click.echo(problem_line(Problem(place, line, f"warning: {doubt}")), err=True)
    return cluster


def _loader_of(configuration: "Loaded | None") -> "Callable[[], Loaded] | None":
    """What reads it anew, if anything can: standard input comes but once."""
    if configuration is None or configuration.files[0] == "-":
        return None
    return partial(_load, Path(configuration.files[0]))


def _load(file: Path) -> "Loaded":
    """What *file* holds by now. Raises CannotLoad."""
    from webhook.cli.configuration_file import held_in, loaded  # noqa: PLC0415 - as above
    from webhook.server.configuration import CannotLoad  # noqa: PLC0415 - as above

    try:
        # At the start nothing means the defaults; later it means that somebody is just writing.
        if not any(held_in(file)):
            raise CannotLoad(f"{printable(str(file))}: there is nothing in it any more")
        return loaded(file)
    except click.ClickException as error:
        raise CannotLoad(error.format_message()) from error


def _certify(folder: Path, address: str) -> "SelfSigned":
    """See to it that *folder* holds a certificate for *address* that is valid now. Raises ClickException."""
    from certs import BadName, Names, Refused, self_signed  # noqa: PLC0415 - as above

    try:
        names = Names() if address in EVERY_ADDRESS else Names.parse([address])
        return self_signed(folder, names, now=datetime.now(UTC))
    except (BadName, Refused) as error:
        raise click.ClickException(printable(str(error))) from error


def _greet(made: "SelfSigned", address: str, review: str, port: int) -> None:
    click.echo(Greeting(address, port, str(made.authority), made.fingerprint, review), nl=False, err=True)


def _review_beside(namespaces: str | None) -> str:
    """The example of a request that lies beside the example of a cluster, where there is one."""
    if namespaces is not None:
        file = Path(namespaces)
        example = (file if file.is_dir() else file.parent) / "review-pod-refused.json"
        if example.exists():
            return str(example)
    return "review.json"
