"""What a lint of profiles means, for people: rendered from the lint itself."""

from collections.abc import Iterator
from textwrap import indent, wrap
from typing import Final

from webhook.seccomp.lint import Lint

_WIDTH: Final = 100
_LONGEST: Final = 2_000


def explain_lint(lint: Lint) -> str:
    """The whole text about *lint*, with its examples."""
    return "".join(f"{line}\n" for line in _explanation(lint))


def _explanation(lint: Lint) -> Iterator[str]:
    yield f"{lint.id} (lint of seccomp profiles, {lint.severity})"
    yield ""
    yield lint.title
    yield ""
    yield "WHY"
    yield from _paragraph(lint.why)
    yield ""
    yield "WHAT TO DO"
    yield from _paragraph(lint.advice)
    yield ""
    if lint.differences:
        yield "BY RUNTIME"
        for runtime, difference in lint.differences.items():
            yield f"  {runtime}: {difference}"
        yield ""
    for title, text in (("FOUND IN", lint.example), ("NOT FOUND IN", lint.clean)):
        yield title
        yield indent(text if len(text) <= _LONGEST else f"{text[:_WIDTH]}...", "  ")
        yield ""
    yield "SOURCE"
    yield from _paragraph(lint.source)


def _paragraph(text: str) -> Iterator[str]:
    yield from wrap(
        text.replace("`", ""), _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
    )
