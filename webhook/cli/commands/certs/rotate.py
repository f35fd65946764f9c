"""``certs rotate``: one round of the rotation."""

from typing import Any

import click

from webhook.cli.certificates import SETTINGS, Setup, options
from webhook.cli.certificates_told import Aloud


@click.command(context_settings=SETTINGS)
@click.option(
    "--force", type=click.Choice(["leaf", "ca"]), help="Make this one early; they overlap all the same."
)
@options
def command(*, force: str | None, **given: Any) -> int:  # noqa: ANN401 - the options of Setup
    """Do what is due now, once.

    A rotation of the authority takes several rounds: the next one must be trusted everywhere, for as long as
    --soak says, before it signs. Run this again, or leave the rest to certs run, which may run beside it.
    """
    setup = Setup(**given)
    if force and setup.is_sourced:
        raise click.UsageError("Certificates of --from-secret or --from-dir are made by somebody else.")
    api = setup.api() if setup.needs_cluster() else None
    rounds = setup.rounds(api, Aloud())
    if force == "ca":
        _may_follow(rounds.look())
    outcome = rounds.round(frozenset({force} if force else ()))
    seen = outcome.seen
    if seen is not None and seen.authorities.following is not None:
        wait = "when it is trusted everywhere"
        if seen.soak_left is not None:
            wait = f"after {seen.soak_left.total_seconds():.0f} s of a run that watches; else 5 minutes later"
        click.echo(f"The next authority signs {wait}.")
    return 1 if outcome.problems else 0


def _may_follow(outcome: Any) -> None:  # noqa: ANN401 - the type is imported late
    """Say why an authority cannot be forced now. Raises ClickException."""
    from certs.rotation import MOST  # noqa: PLC0415 - help need not wait for it

    authorities = outcome.seen.authorities if outcome.seen else None
    if authorities is None or authorities.following is not None:
        return
    if len(authorities.certificates) >= MOST:
        first = min(map(authorities.last_leaf_of, authorities.earlier))
        raise click.ClickException(
            f"{MOST} authorities are trusted already, and no more may be; "
            f"the last leaf of one ends at {first:%Y-%m-%d %H:%M} UTC"
        )
