"""``registration``: end the webhook's registration in the API server, or try it, as the chart's hooks do."""

import os
import time
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

import click

from webhook.reports.printable import printable

_PAUSE: Final = 2.0
_Result = TypeVar("_Result")

_kubeconfig = click.option(
    "--kubeconfig", metavar="FILE", help="Cluster to ask; else the one that this runs in, or $KUBECONFIG."
)
_patience = click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.IntRange(0, 3600),
    default=60,
    show_default=True,
    help="How long to try again what fails.",
)


@click.group()
def command() -> None:
    """End the webhook's registration in the API server, or try it.

    Neither needs a webhook that runs: both ask the API server.
    """


@command.command()
@click.argument("configurations", metavar="KIND/NAME...", nargs=-1, required=True)
@_kubeconfig
@_patience
def remove(configurations: tuple[str, ...], kubeconfig: str | None, timeout: int) -> None:
    """Delete webhook configurations: nothing is refused any more.

    A configuration that is not there is fine. KIND is ValidatingWebhookConfiguration or
    MutatingWebhookConfiguration.
    """
    from webhook.cli.cluster import access  # noqa: PLC0415 - heavy, and help does without it
    from webhook.cluster.registration import is_a_configuration  # noqa: PLC0415 - as above
    from webhook.cluster.registration import remove as removed  # noqa: PLC0415 - as above

    asked = [tuple(each.partition("/")[::2]) for each in configurations]
    for (kind, name), written in zip(asked, configurations, strict=True):
        if not is_a_configuration(kind, name):
            raise click.UsageError(f"{printable(written)!r} is not KIND/NAME of a webhook configuration.")
    cluster = access(kubeconfig, os.environ)
    for kind, name in asked:
        was_there = _patiently(partial(removed, cluster, kind, name), timeout)
        click.echo(f"{kind}/{name}: {'deleted' if was_there else 'not there'}")


@command.command()
@click.option(
    "--namespace",
    metavar="NAME",
    default="default",
    show_default=True,
    help="A namespace that the webhook is registered for.",
)
@_kubeconfig
@_patience
def test(namespace: str, kubeconfig: str | None, timeout: int) -> None:
    """Try, in a dry run, a change to a namespace that the webhook must refuse."""
    from webhook.cli.cluster import access  # noqa: PLC0415 - as above
    from webhook.cluster.registration import tried  # noqa: PLC0415 - as above
    from webhook.cluster.requests import can_be_a_namespace  # noqa: PLC0415 - as above

    if not can_be_a_namespace(namespace):
        raise click.UsageError(f"{printable(namespace)!r} cannot be the name of a namespace.")
    cluster = access(kubeconfig, os.environ)
    click.echo(f"{_patiently(partial(tried, cluster, namespace), timeout)}.")


def _patiently(ask: Callable[[], _Result], seconds: int) -> _Result:
    """What *ask* returns in the end. Raises click's exception where it fails for so many *seconds*."""
    from webhook.cluster.failure import Failure  # noqa: PLC0415 - as above
    from webhook.cluster.registration import NotRegistered  # noqa: PLC0415 - as above

    deadline = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except (Failure, NotRegistered) as error:
            if time.monotonic() + _PAUSE > deadline:
                raise click.ClickException(printable(str(error))) from error
            click.echo(f"{printable(str(error))}; trying again", err=True)
        time.sleep(_PAUSE)
