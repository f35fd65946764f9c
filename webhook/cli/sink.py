"""Reports on their way to standard output or to a file."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count
from pathlib import Path
from stat import S_IMODE, S_ISREG
from typing import IO, Final, cast

import click

from webhook.cli.color import has_color
from webhook.cli.output import Output
from webhook.reports.formats import Look, Report, report_in
from webhook.reports.printable import printable
from webhook.reports.verdict import Problem, Summary, Verdict

# What must wait for the head of its report waits here, and past this size in a file.
_KEPT_IN_MEMORY: Final = 8 << 20
_BLOCK: Final = 1 << 20


class Sink:
    """A report, and the place where it goes. Memory is bounded, whatever the number of verdicts."""

    def __init__(self, report: Report, place: IO[bytes], pieces: IO[bytes]) -> None:
        self._report = report
        self._place = place
        self._pieces = pieces
        self._separator = b""

    def take(self, verdict: Verdict) -> None:
        """Add a verdict to the report."""
        if piece := self._report.verdict(verdict):
            self._pieces.write(self._separator + _encoded(piece))
            self._separator = _encoded(self._report.separator)

    def finish(self, summary: Summary, problems: Sequence[Problem]) -> None:
        """Complete the report."""
        if self._pieces is not self._place:
            self._place.write(_encoded(self._report.head(summary)))
            self._pieces.seek(0)
            while block := self._pieces.read(_BLOCK):
                self._place.write(block)
        self._place.write(_encoded(self._report.tail(summary, problems)))
        self._place.flush()


@contextmanager
def sink_of(output: Output, program: str) -> Iterator[Sink]:
    """Takes verdicts for *output*; a file appears when it is whole, and is not touched otherwise."""
    is_read_beside_errors = output.file is None
    with place_of(output) as place:
        look = Look(
            program,
            has_color=is_read_beside_errors and has_color(place),
            lists_problems=not is_read_beside_errors,
        )
        report = report_in(output.format, look)
        if report.streams:
            yield Sink(report, place, place)
        else:
            from tempfile import SpooledTemporaryFile  # noqa: PLC0415 - text need not wait for this import

            with SpooledTemporaryFile(_KEPT_IN_MEMORY) as pieces:
                yield Sink(report, place, cast("IO[bytes]", pieces))


def place_of(output: Output) -> AbstractContextManager[IO[bytes]]:
    """Where *output* goes; a file appears when it is whole. Raises ClickException, also in the block."""
    if output.file is not None:
        return _replaced(output.file)
    if sys.stdout is None:
        raise click.ClickException("standard output is closed; -o FORMAT=FILE writes to a file")
    return nullcontext(sys.stdout.buffer)


@contextmanager
def _replaced(name: str) -> Iterator[IO[bytes]]:
    # What a link points to is replaced, not the link.
    target = Path(os.path.realpath(name))
    mode = _mode_of(target)
    if (mode is not None and not S_ISREG(mode)) or name.startswith("/dev/"):
        # A pipe or a device is written to as it is, and so is a file that is open as /dev/stdout.
        with _opened(Path(name), "ab", name) as file:
            yield file
        return
    draft = _unused_name_beside(target)
    try:
        with _opened(draft, "xb", name) as file:
            yield file
        if mode is not None:
            draft.chmod(S_IMODE(mode))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _mode_of(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except OSError:
        return None


def _opened(path: Path, mode: str, name: str) -> IO[bytes]:
    try:
        return cast("IO[bytes]", path.open(mode))
    except OSError as error:
        raise click.ClickException(f"{printable(name)}: {error.strerror}") from error


def _unused_name_beside(target: Path) -> Path:
    names = (target.with_name(f".report-{os.getpid()}-{number}") for number in count())
    return next(name for name in names if not name.exists())


def _encoded(text: str) -> bytes:
    # Half of a surrogate pair that a format left in its text is shown, not refused.
    return text.encode("utf-8", "backslashreplace")
