"""The program: finds the command, runs it, and ends with one sentence when something is wrong."""

import os
import sys
from pathlib import PurePath
from typing import Final, NoReturn

import click

from webhook import __version__
from webhook.cli.commands import NAMES, command_named
from webhook.policy.nearest import did_you_mean
from webhook.reports.printable import printable

WRONG_USE: Final = 2
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells count
CLOSED_PIPE: Final = 141  # 128 + SIGPIPE

_COMPLETION: Final = "_SECCOMP_WEBHOOK_COMPLETE"
_DEBUG: Final = "SECCOMP_WEBHOOK_DEBUG"


class _Commands(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        return command_named(cmd_name) if cmd_name in NAMES else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in NAMES and not name.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f'No command "{printable(name)}"{did_you_mean(name, NAMES)}')
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Completion in bash (zsh and fish likewise): "
    f'eval "$({_COMPLETION}=bash_source seccomp-webhook)". '
    f"{_DEBUG}=1 shows where an internal error comes from.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def program() -> None:
    """The Pod Security Standards of Kubernetes, exactly: as a webhook, and on files."""


def main() -> NoReturn:
    """Run the program with the arguments it was called with, and end it with its exit status."""
    sys.exit(run(sys.argv[1:], _program_name()))


def run(arguments: list[str], name: str) -> int:
    """The exit status of the program called as *name* with *arguments*."""
    if _COMPLETION in os.environ:
        program.main(arguments, prog_name=name, complete_var=_COMPLETION)
    try:
        status = _run(arguments, name)
        _flush()
    except click.ClickException as error:
        error.show()
        status = WRONG_USE
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BrokenPipeError:
        status = CLOSED_PIPE
    except Exception as error:  # the last resort: a sentence instead of a traceback
        if os.environ.get(_DEBUG):
            raise
        _complain(error)
        status = WRONG_USE
    _let_go()
    return status


def _run(arguments: list[str], name: str) -> int:
    try:
        with program.make_context(name, arguments) as context:
            status: int | None = program.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    return status or 0


def _program_name() -> str:
    """The program as the user calls it: kubectl runs ``kubectl-seccomp`` for ``kubectl seccomp``."""
    called = PurePath(sys.argv[0]).name
    if called == "__main__.py":
        return "python -m webhook"
    return called.replace("kubectl-", "kubectl ", 1) if called.startswith("kubectl-") else called


def _complain(error: Exception) -> None:
    if isinstance(error, OSError) and error.strerror:
        where = f"{printable(str(error.filename))}: " if error.filename else ""
        message = f"{where}{error.strerror}"
    else:
        message = (
            f"internal error, please report it: {type(error).__name__}: {printable(str(error))} "
            f"({_DEBUG}=1 shows where)"
        )
    click.echo(f"Error: {message}", err=True)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def _let_go() -> None:
    """Write what is buffered; where that cannot be, drop it without another complaint at exit."""
    try:
        _flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for descriptor in (1, 2):
            os.dup2(nowhere, descriptor)
        os.close(nowhere)
