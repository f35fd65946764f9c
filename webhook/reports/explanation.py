"""What a control asks, for people: rendered from the control itself."""

from collections.abc import Iterator
from textwrap import indent, wrap
from typing import Final

from webhook.nodes.controls import CONTROLS
from webhook.policy.check import Check
from webhook.policy.extras import EXTRAS

_WIDTH: Final = 100


def explain(check: Check, examples: str) -> str:
    """The whole text about *check*; *examples* is YAML of a pod that is refused and of one that is not."""
    return "\n".join([*_explanation(check), *_switch(check), "EXAMPLES", indent(examples, "  ")])


def _switch(check: Check) -> Iterator[str]:
    """How a configuration asks for a control that is no part of the standards."""
    if check in CONTROLS:
        yield "SWITCHED ON"
        yield "  Off, unless a Configuration asks for it; in manifests, by check --profiles DIR."
        yield "    localhostProfiles: {mode: enforce}"
        yield ""
    extra = EXTRAS.get(check.id)
    if extra is not None:
        yield "SWITCHED ON"
        yield "  Off, unless a Configuration asks for it: from a level on, in all namespaces or in some."
        yield f"    {extra.switch}"
        yield f"  Gives way to {extra.yields_to} where both are in force."
        yield ""


def _explanation(check: Check) -> Iterator[str]:
    reason = check.reason.replace("{s}", "s")
    yield f'{check.id} (level {check.level}, in denials "{reason}")'
    yield ""
    yield check.about
    yield ""
    yield "FIELDS, AND WHAT THEY MAY BE"
    for field, allowed in check.fields.items():
        yield f"  {field}"
        yield from wrap(", ".join(allowed), _WIDTH, initial_indent="    ", subsequent_indent="    ")
    if any("containers[*]" in field for field in check.fields):
        yield "  Where a path says containers, init and ephemeral containers are meant too."
    yield ""
    if check.revisions:
        yield from _versions(check)


def _versions(check: Check) -> Iterator[str]:
    yield "VERSIONS"
    width = max(len(str(revision.since)) for revision in check.revisions)
    for revision in check.revisions:
        yield from wrap(
            f"{revision.since!s:<{width}}  {revision.violations.__doc__}",
            _WIDTH,
            initial_indent="  ",
            subsequent_indent=" " * (width + 4),
        )
    yield from (f"  Replaces {name} where both are in force." for name in check.overrides)
    yield ""
