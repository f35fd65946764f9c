"""``scan``: what is in a cluster already, judged as if it came in now."""

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from webhook.cli.cluster import access
from webhook.cli.color import has_color
from webhook.cli.configuration import settings_option
from webhook.cli.output import Output, output_option_of
from webhook.cli.progress import Progress
from webhook.cli.sink import place_of
from webhook.cli.tally import CONFORMS, UNREADABLE, VIOLATES
from webhook.reports.formats import Look
from webhook.reports.printable import printable
from webhook.reports.profile_scan import FORMATS, rendered

if TYPE_CHECKING:
    from webhook.config import Loaded
    from webhook.reports.profile_scan.scan import ProfileScan


@click.command(short_help="Look at what is in a cluster already.")
@click.option("--profiles", is_flag=True, help="Look at the profiles of nodes, and at who uses them.")
@click.option("--kubeconfig", metavar="FILE", help="Cluster; else the one that this runs in, or $KUBECONFIG.")
@click.option("--context", metavar="NAME", help="Context of the kubeconfig; else its current one.")
@click.option("-n", "--namespace", metavar="NAME", help="Namespace to look at; else all of them.")
@settings_option
@output_option_of(FORMATS)
@click.pass_context
def command(  # noqa: PLR0913 - an argument for each option
    click_context: click.Context,
    *,
    profiles: bool,
    kubeconfig: str | None,
    context: str | None,
    namespace: str | None,
    configuration: "Loaded | None",
    outputs: tuple[Output, ...],
) -> int:
    """Look at what is in a cluster already, judged as if it came in now.

    Told are workloads that name profiles of nodes which are missing where the workload may run, differ
    between nodes, or cannot be read; and the profiles that nobody uses. What the configuration exempts, and
    what its exceptions let pass, is not told of.

    Nodes are known by what their agents say (NodeProfiles), and the security-profiles-operator. Nothing is
    changed. The exit status is 0 where nothing is wrong, 1 where something is, and 2 for wrong use or for
    something that could not be read: the rest is told all the same.
    """
    if not profiles:
        raise click.UsageError("Say what to look at: --profiles.", click_context)
    from webhook.cluster.failure import Failure  # noqa: PLC0415 - heavy, and other commands do without it

    try:
        scan = _scanned(kubeconfig, context, namespace, configuration)
    except Failure as failure:
        raise click.ClickException(printable(str(failure))) from failure
    program = click_context.find_root().info_name or ""
    for output in outputs:
        is_read_beside_errors = output.file is None
        with place_of(output) as place:
            look = Look(
                program,
                has_color=is_read_beside_errors and has_color(place),
                lists_problems=not is_read_beside_errors,
            )
            place.write(rendered(output.format, scan, look).encode("utf-8", "backslashreplace"))
            place.flush()
    if scan.errors:
        return UNREADABLE
    return VIOLATES if scan.denied else CONFORMS


def _scanned(
    kubeconfig: str | None, context: str | None, namespace: str | None, configuration: "Loaded | None"
) -> "ProfileScan":
    found = access(kubeconfig, os.environ, context=context)
    # Heavy, and other commands do without them.
    from webhook.cluster.requests import can_be_a_namespace  # noqa: PLC0415 - as said
    from webhook.cluster.scanned import ScannedCluster  # noqa: PLC0415 - as said
    from webhook.config import DEFAULTS  # noqa: PLC0415 - as said
    from webhook.policy.labels import policy_of  # noqa: PLC0415 - as said
    from webhook.reports.profile_scan.scanning import Question, Scanning, Subject  # noqa: PLC0415 - as said

    if namespace is not None and not can_be_a_namespace(namespace):
        raise click.UsageError(f'No namespace can be called "{printable(namespace)}".')
    settings = configuration.settings if configuration else DEFAULTS
    progress = Progress(sys.stderr)
    errors: list[str] = []

    def complain(problem: str) -> None:
        progress.clear()
        errors.append(problem)
        click.echo(f"Error: {printable(problem)}", err=True)

    cluster = ScannedCluster(found, complain)
    progress.at(0, "nodes")
    today = datetime.now(UTC).date()
    question = Question(settings.localhost_profiles, settings.exemptions, settings.exceptions, today)
    scanning = Scanning(cluster.inventory(), question)
    progress.at(0, "namespaces")
    levels = {
        name: policy_of(labels, settings.defaults)[0].enforce.level
        for name, labels in cluster.namespaces(namespace).items()
    }
    for number, live in enumerate(cluster.workloads(namespace)):
        progress.at(number, f"{live.kind} {live.namespace}/{live.name}")
        if live.problem:
            complain(f"{live.kind} {live.namespace}/{live.name}: {live.problem}")
        elif live.pod is not None and not live.is_over:
            level = levels.get(live.namespace, settings.defaults.enforce.level)
            scanning.look(Subject(live.namespace, live.kind, live.origins, live.pod, level))
    progress.clear()
    return scanning.done(errors, is_whole=namespace is None and not errors)
