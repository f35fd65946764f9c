"""Standard input, where a command is given no file, or ``-``."""

import sys
from collections.abc import Sequence

import click

from webhook.manifests.sources import STANDARD_INPUT


def paths_or_standard_input(paths: Sequence[str], context: click.Context) -> Sequence[str]:
    """*paths*, or standard input where there are none. Raises UsageError where that cannot be read."""
    if not paths and sys.stdin is not None and sys.stdin.isatty():
        raise click.UsageError("Nothing to look at: name files or folders, or - for standard input.", context)
    if paths.count(STANDARD_INPUT) > 1:
        raise click.UsageError("Standard input (-) can be read only once.", context)
    return paths or (STANDARD_INPUT,)
