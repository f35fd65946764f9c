"""Templates of manifests, which are no YAML before they are rendered."""

import re
from typing import Final

from webhook.manifests.malformed import Malformed

_TEMPLATE: Final = re.compile(r"^[ \t]*(?:- +)?(?:[\w./-]+:[ \t]+)?\{[{%]", re.MULTILINE)
_ACTION: Final = "{{"
# What other programs fill in later, as in Argo's "{{inputs.name}}", is no template of a manifest.
_TEXT_WITH_ACTION: Final = re.compile(r'"[^"]*\{\{[^"]*\}\}[^"]*"|\'[^\']*\{\{[^\']*\}\}[^\']*\'')
_RENDER_FIRST: Final = (
    "this looks like a template, which is no YAML yet: render it first,"
    " for example: helm template CHART | seccomp-webhook check -"
)


def unless_template(malformed: Malformed, text: str) -> Malformed:
    """*malformed*, or the advice to render *text* first, where that looks like a template."""
    at_fault = "".join(text.split("\n", malformed.line)[malformed.line - 1 : malformed.line])
    if _ACTION in _TEXT_WITH_ACTION.sub("", at_fault):
        return Malformed(malformed.line, _RENDER_FIRST)
    first = _TEMPLATE.search(text)
    if first is None:
        return malformed
    return Malformed(text.count("\n", 0, first.end()) + 1, _RENDER_FIRST)
