"""``certs show``: what is served, trusted, published and due."""

import json
from pathlib import Path
from typing import Any

import click

from webhook.cli.certificate_text import text
from webhook.cli.certificates import SETTINGS, Setup, options
from webhook.reports.printable import printable


class _Quiet:
    """The report says it all."""

    def done(self, _step: object) -> None:
        """Nothing is done."""

    def failed(self, _name: str, _problem: str) -> None:
        """It is in the report."""


@click.command(context_settings=SETTINGS)
@click.argument("file", required=False)
@click.option(
    "-o", "--output", type=click.Choice(["text", "json"]), default="text", help="How to print the report."
)
@options
def command(*, file: str | None, output: str, **given: Any) -> int:  # noqa: ANN401 - the options of Setup
    """Show what is served, what is trusted, what is published, and what is due and why.

    With FILE, the certificates of a PEM file. Nothing is changed. The exit status is 2 where something could
    not be read.
    """
    from certs.report import report  # noqa: PLC0415 - help need not wait for it

    if file is not None:
        found = _in_file(file)
    else:
        setup = Setup(**given)
        api = setup.api() if setup.needs_cluster() else None
        rounds = setup.rounds(api, _Quiet())
        found = report(rounds.look(), rounds.mode, rounds.named)
    click.echo(json.dumps(found, indent=1) if output == "json" else text(found), nl=output == "json")
    return 2 if found["problems"] else 0


def _in_file(file: str) -> dict[str, Any]:
    from certs import pem  # noqa: PLC0415 - as above
    from certs.report import certificates  # noqa: PLC0415 - as above

    try:
        return certificates(pem.certificates(Path(file).read_bytes()))
    except ValueError as error:
        raise click.ClickException(f"{printable(file)}: {error}") from error
