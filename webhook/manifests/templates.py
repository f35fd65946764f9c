"""Templates of manifests, which are no YAML before they are rendered."""

import re
from typing import Final

from webhook.manifests.malformed import Malformed

_TEMPLATE: Final = re.compile(r"^[ \t]*(?:- +)?(?:[\w./-]+:[ \t]+)?\{[{%]", re.MULTILINE)
_RENDER_FIRST: Final = (
    "this looks like a template, which is no YAML yet: render it first,"
    " for example: helm template CHART | seccomp-webhook check -"
)


def unless_template(malformed: Malformed, text: str) -> Malformed:
    """*malformed*, or the advice to render *text* first, where that looks like a template."""
    first = _TEMPLATE.search(text)
    if first is None:
        return malformed
    at_fault = text.split("\n", malformed.line)[malformed.line - 1 : malformed.line]
    line = malformed.line if "{{" in "".join(at_fault) else text.count("\n", 0, first.end()) + 1
    return Malformed(line, _RENDER_FIRST)
