"""``explain``: what a control asks, its fields, what they may be, since when, and an example."""

from pathlib import Path
from typing import Final

import click

from webhook.nodes.controls import CONTROLS
from webhook.policy.check import Check
from webhook.policy.checks import CHECKS
from webhook.policy.extras import EXTRAS
from webhook.policy.nearest import did_you_mean
from webhook.policy.standard import Level
from webhook.reports.explanation import explain
from webhook.reports.printable import printable

EXAMPLES: Final = Path(__file__).parents[1] / "examples"
"""A file for each control: a pod that only this control refuses, and one that it allows."""


_ALL: Final = (*CHECKS, *(extra.check for extra in EXTRAS.values()), *CONTROLS)


@click.command()
@click.argument("control", required=False)
@click.pass_context
def command(context: click.Context, control: str | None) -> None:
    """Explain a control of the Pod Security Standards.

    CONTROL is an id, such as seccompProfile_restricted, or a reason, such as "host namespaces", as denials
    name them. Without it, all controls are listed.
    """
    click.echo(_list(context) if control is None else _text(_asked_for(control, context)), nl=False)


def _text(check: Check) -> str:
    return explain(check, (EXAMPLES / f"{check.id}.yaml").read_text(encoding="utf-8"))


def _asked_for(name: str, context: click.Context) -> Check:
    """The control with that id or reason. Fails with the nearest names."""
    folded = name.casefold()
    by_reason = [check for check in CHECKS if folded == check.reason.replace("{s}", "").casefold()]
    found = [check for check in _ALL if folded == check.id.casefold()] or by_reason
    if len(found) == 1:
        return found[0]
    ids = [check.id for check in found]
    meant = f"; it is one of {', '.join(ids)}" if ids else did_you_mean(name, [each.id for each in _ALL])
    meant = meant or f"; {context.command_path} lists them"
    return context.fail(f'No control "{printable(name)}"{meant}')


def _list(context: click.Context) -> str:
    formatter = context.make_formatter()
    for level in Level:
        if controls := [(check.id, check.about) for check in CHECKS if check.level is level]:
            with formatter.section(str(level)):
                formatter.write_dl(controls)
    with formatter.section("extra, off unless configured"):
        formatter.write_dl([(extra.check.id, extra.check.about) for extra in EXTRAS.values()])
    with formatter.section("of profiles of the node, off unless configured"):
        formatter.write_dl([(check.id, check.about) for check in CONTROLS])
    formatter.write_paragraph()
    formatter.write_text("baseline asks for its own controls, restricted for all of them.")
    formatter.write_text(f"More about one: {context.command_path} CONTROL")
    return formatter.getvalue()
