"""``profile``: seccomp profiles, judged by what runtimes make of them."""

import click

from webhook.cli.command_group import CommandGroup

_NAMES = ("lint", "judge", "verdict", "diff", "merge", "convert")


@click.group(cls=CommandGroup, package=__name__, names=_NAMES)
def command() -> None:
    """Judge seccomp profiles by what runtimes load, not by their text.

    The same file is strong under one runtime and weak under another. These commands read a profile as
    containerd, CRI-O and Docker do, and load it as runc and crun do.
    """
