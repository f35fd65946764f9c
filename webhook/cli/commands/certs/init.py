"""``certs init``: an authority and the first serving certificate."""

from typing import Any

import click

from webhook.cli.certificates import SETTINGS, Setup, options
from webhook.cli.certificates_told import Aloud
from webhook.reports.printable import printable


@click.command(context_settings=SETTINGS)
@options
def command(**given: Any) -> int:  # noqa: ANN401 - the options of Setup
    """Make an authority and the first serving certificate.

    They go into two Secrets, or with --dir into two folders; the bundle goes into the webhook configurations
    that are named and there. What is there already is never replaced.
    """
    from certs import Failure, Refused  # noqa: PLC0415 - help need not wait for it

    setup = Setup(**given)
    if setup.is_sourced:
        raise click.UsageError(
            "Whoever makes the certificates of --from-secret or --from-dir makes all of them."
        )
    api = setup.api() if setup.needs_cluster() else None
    rounds = setup.rounds(api, Aloud())
    try:
        for place in (rounds.authorities, rounds.serving):
            if place.load().files:
                raise click.ClickException(
                    f"{place} is not empty; certs show says what is in it, certs rotate goes on with it"
                )
    except (Failure, Refused) as error:
        raise click.ClickException(printable(str(error))) from error
    outcome = rounds.round()
    if outcome.problems or outcome.seen is None:
        return 1
    click.echo(f"The authorities' keys are in {rounds.authorities}: mount it nowhere.")
    click.echo(
        f"What serving pods mount is in {rounds.serving}: tls.crt, tls.key, and ca.crt for who calls them."
    )
    return 0
