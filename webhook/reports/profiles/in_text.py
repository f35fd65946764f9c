"""The report for people: what is wrong, what could not be found out, and what nobody uses."""

from collections.abc import Iterator
from typing import Final

from webhook.policy.path import dotted
from webhook.reports.formats import Look
from webhook.reports.printable import printable
from webhook.reports.profiles.scan import ProfileScan, Scanned
from webhook.reports.verdict import ObjectName

_BOLD: Final = 1
_RED: Final = 31
_GREEN: Final = 32
_CYAN: Final = 36
_MOST_UNUSED: Final = 20


def rendered(scan: ProfileScan, look: Look) -> str:
    """*scan* as text."""
    paint = _Paint(has_color=look.has_color)
    lines: list[str] = []
    for each in scan.results:
        lines += [*_about(each, paint), ""]
    if scan.unused:
        lines += [*_unused(scan, paint), ""]
    if scan.errors and look.lists_problems:
        lines += [*map(printable, scan.errors), ""]
    return "\n".join([*lines, _summary(scan, paint), ""])


class _Paint:
    """Colors, or none."""

    def __init__(self, *, has_color: bool) -> None:
        self._has_color = has_color

    def __call__(self, color: int, text: str) -> str:
        return f"\x1b[{color}m{text}\x1b[0m" if self._has_color else text


def _about(scanned: Scanned, paint: _Paint) -> Iterator[str]:
    yield paint(_BOLD, _named(scanned.object))
    for wrong in scanned.violations:
        yield f"  {paint(_CYAN, wrong.control)}: {printable(wrong.detail)}"
        for place in wrong.fields:
            yield f"      {printable(dotted(place.path))}"
    for doubt in scanned.doubts:
        yield f"  not known: {printable(doubt)}"


def _unused(scan: ProfileScan, paint: _Paint) -> Iterator[str]:
    unused = scan.unused or ()
    yield paint(_BOLD, "No workload uses")
    for path, nodes, error in unused[:_MOST_UNUSED]:
        wrong = f", which cannot be used: {printable(error)}" if error else ""
        yield f"  {printable(path)} on {_counted(nodes, 'node')}{wrong}"
    if len(unused) > _MOST_UNUSED:
        yield f"  and {len(unused) - _MOST_UNUSED:,} more (-o json lists all)"


def _summary(scan: ProfileScan, paint: _Paint) -> str:
    told = f"{scan.using:,} of {_counted(scan.workloads, 'workload')} with profiles of the node"
    if scan.denied:
        told += f": {paint(_RED, f'{scan.denied:,} with something wrong')}"
    elif scan.using and not scan.doubtful:
        told += f": {paint(_GREEN, 'nothing wrong')}"
    if scan.doubtful:
        told += f", {scan.doubtful:,} not known"
    told += f"; {scan.reported:,} of {_counted(scan.nodes, 'node')} known"
    told += f", with {_counted(scan.profiles, 'profile')}"
    if scan.unused is not None:
        told += f", {len(scan.unused):,} unused"
    return told + (f"; {paint(_RED, _counted(len(scan.errors), 'error'))}" if scan.errors else "")


def _named(name: ObjectName) -> str:
    written = "/".join(part for part in (name.namespace, name.name) if part)
    return printable(f"{name.kind} {written}")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
