"""Two profiles side by side, as text and as JSON."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from webhook.reports.formats.json import API_VERSION, encoded
from webhook.reports.printable import printable
from webhook.reports.profiles.calls import NEWER_CALLS, at, call_text, outcome_text
from webhook.reports.profiles.paragraphs import first_of
from webhook.reports.profiles.runtimes import named
from webhook.seccomp.call import Verdict
from webhook.seccomp.comparison import Change, Comparison, Difference
from webhook.seccomp.loaded import NotStarted
from webhook.seccomp.sight import shortened
from webhook.seccomp.target import Runtime


class OneDoesNotStart(NamedTuple):
    """Why there is nothing to compare: what the runtime says to either file; None where it takes it."""

    before: NotStarted | None
    after: NotStarted | None


class Compared(NamedTuple):
    """What the second file does otherwise than the first, on some runtimes."""

    runtimes: tuple[Runtime, ...]
    answer: Comparison | OneDoesNotStart

    @property
    def is_same(self) -> bool:
        """Whether there is no difference, and nothing that could not be compared."""
        return self.answer == Comparison(())


_SIGNS = {Change.OPENS: "+", Change.CLOSES: "-", Change.ANSWERS: "~"}


def compared_text(
    files: tuple[str, str], compared: Iterable[Compared], asked: tuple[Runtime, ...], native: str
) -> str:
    """By runtime, the calls that are treated differently: ``+`` opened, ``-`` closed, ``~`` answered."""
    return "".join(f"{line}\n" for each in compared for line in _lines(files, each, asked, native))


def _lines(
    files: tuple[str, str], compared: Compared, asked: tuple[Runtime, ...], native: str
) -> Iterator[str]:
    title = f"on {named(compared.runtimes, asked)}:"
    answer = compared.answer
    if isinstance(answer, OneDoesNotStart):
        yield title
        for file, refused in zip(files, answer, strict=True):
            if refused is not None:
                place = f"{printable(file)}:{refused.place.line}"
                yield f"  {place}: does not start: {printable(shortened(refused.problem))}"
        return
    if compared.is_same:
        yield f"{title} the same"
        return
    yield title
    merged: dict[tuple[str, str], list[str]] = {}
    for each in answer.differences:
        key = _SIGNS[each.change], f"{_said(files[0], each.before)} -> {_said(files[1], each.after)}"
        merged.setdefault(key, []).append(_named(each, native))
    for (sign, change), names in sorted(merged.items(), key=lambda item: "+-~".index(item[0][0])):
        shown = first_of(names) if sign == _SIGNS[Change.ANSWERS] else ", ".join(names)
        yield f"  {sign} {shown}: {change}"
    for unclear in answer.unclear:
        yield f"  ? {unclear.name}{at(unclear.architecture, native)}: too entangled to compare"


def _named(difference: Difference, native: str) -> str:
    if not difference.name:
        return f"{NEWER_CALLS}{at(difference.example.architecture, native)}"
    if difference.is_whole:
        return f"{difference.name}{at(difference.example.architecture, native)}"
    return f"{difference.name} such as {call_text(difference.example, native)}"


def _said(file: str, verdict: Verdict) -> str:
    why = verdict.why if verdict.line is None else f"{printable(file)}:{verdict.line}"
    return f"{outcome_text(verdict.outcome)} ({why})"


def compared_json(files: tuple[str, str], compared: Iterable[Compared]) -> str:
    """One JSON object of kind ProfileDifferenceReport."""
    report = {
        "apiVersion": API_VERSION,
        "kind": "ProfileDifferenceReport",
        "before": files[0],
        "after": files[1],
        "results": [
            {"runtimes": [str(runtime) for runtime in each.runtimes], **_members(each)} for each in compared
        ],
    }
    return f"{encoded(report)}\n"


def _members(compared: Compared) -> dict[str, Any]:
    answer = compared.answer
    if isinstance(answer, OneDoesNotStart):
        refused = {
            name: {"line": each.place.line, "message": shortened(each.problem)}
            for name, each in answer._asdict().items()
            if each is not None
        }
        return {"same": False, "notStarted": refused}
    return {
        "same": compared.is_same,
        "differences": [
            {
                "change": str(each.change),
                "name": each.name or None,
                "wholly": each.is_whole,
                "architecture": each.example.architecture,
                "number": each.example.number,
                "arguments": [f"{argument:#x}" for argument in each.example.arguments],
                "before": _verdict(each.before),
                "after": _verdict(each.after),
            }
            for each in answer.differences
        ],
        "unclear": [each._asdict() for each in answer.unclear],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "action": str(verdict.outcome.action),
        "data": verdict.outcome.data,
        "line": verdict.line,
        "why": verdict.why,
    }
