"""Requests as people type them: the command of kubectl that asks for the same."""

import json
import shlex
from typing import Final, NamedTuple

from tests.e2e.api import MERGE_PATCH, STRATEGIC_PATCH, path_of
from tests.e2e.twin.request import Request

_PATCHES: Final = {MERGE_PATCH: "merge", STRATEGIC_PATCH: "strategic"}
_SUBRESOURCES: Final = frozenset({"", "status", "scale", "resize"})
"""What kubectl patches."""


class Command(NamedTuple):
    """What is typed after ``kubectl``, and what is on standard input."""

    line: str
    manifests: str


def typed(request: Request, *, applied: bool) -> Command | None:
    """The command for *request*, or None where kubectl has none; where it can be, it is *applied*."""
    whole = path_of(request.about) if "name" in request.about["metadata"] else ""
    collection = path_of(request.about, collection=True)
    manifests = json.dumps(request.body)
    if request.method == "POST" and request.path == collection:
        words = ["apply" if applied and whole else "create", "-f", "-"]
    elif request.method == "PUT":
        words = ["replace", "-f", "-"]
    elif request.method == "PATCH":
        subresource = request.path.removeprefix(whole).removeprefix("/")
        if subresource not in _SUBRESOURCES:
            return None
        words = ["patch", "-f", "-", f"--type={_PATCHES[request.content_type]}", f"--patch={manifests}"]
        words += [f"--subresource={subresource}"] if subresource else []
        manifests = json.dumps(request.about)
    else:
        return None
    if request.dry_run:
        words.append("--dry-run=server")
    if request.user:
        words += [f"--as={request.user}", "--as-group=system:masters"]
    return Command(shlex.join(words), manifests)
