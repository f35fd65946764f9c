"""A profile beside RuntimeDefault, as text and as JSON."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from webhook.reports.formats.json import API_VERSION, encoded
from webhook.reports.printable import printable
from webhook.reports.profiles.calls import NEWER_CALLS, call_text
from webhook.reports.profiles.paragraphs import first_of, wrapped
from webhook.reports.profiles.runtimes import named
from webhook.seccomp.judge import Judgment, ProfileClass
from webhook.seccomp.loaded import NotStarted
from webhook.seccomp.openings import Opened
from webhook.seccomp.sight import shortened
from webhook.seccomp.target import Runtime

_SENTENCES = {
    ProfileClass.NONE: "restricts nothing",
    ProfileClass.WEAKER: "weaker than RuntimeDefault",
    ProfileClass.EQUAL: "equal to RuntimeDefault",
    ProfileClass.STRICTER: "stricter than RuntimeDefault",
    ProfileClass.INCOMPARABLE: "not comparable with RuntimeDefault: it opens calls and closes others",
}


class Judged(NamedTuple):
    """What a profile is on some runtimes, on an architecture; or why no container starts there."""

    runtimes: tuple[Runtime, ...]
    answer: Judgment | NotStarted
    architecture: str

    @property
    def is_good(self) -> bool:
        """Whether it is at least as strict as RuntimeDefault."""
        return isinstance(self.answer, Judgment) and self.answer.profile_class in {
            ProfileClass.EQUAL,
            ProfileClass.STRICTER,
        }


def judged_text(file: str, judged: Iterable[Judged], asked: tuple[Runtime, ...]) -> str:
    """A paragraph for each group of runtimes with the same judgment."""
    return "".join(f"{line}\n" for each in judged for line in _paragraph(file, each, asked))


def _paragraph(file: str, judged: Judged, asked: tuple[Runtime, ...]) -> Iterator[str]:
    title = f"{printable(file)} on {named(judged.runtimes, asked)}"
    answer = judged.answer
    if isinstance(answer, NotStarted):
        yield f"{title}: the container does not start"
        yield f"  line {answer.place.line}: {printable(shortened(answer.problem))}"
        return
    sentence = _SENTENCES[answer.profile_class]
    if answer.unclear and answer.profile_class is ProfileClass.INCOMPARABLE:
        sentence = "cannot be compared with RuntimeDefault in full"
    yield f"{title}: {sentence}"
    dangerous = [each for each in answer.opens if each.dangers]
    if dangerous:
        yield "  opens, and this is dangerous:"
        yield from _dangerous(dangerous, judged.architecture)
    if harmless := [each for each in answer.opens if not each.dangers]:
        yield "  opens besides:" if dangerous else "  opens:"
        yield from _by_cause(harmless, judged.architecture)
    yield from _listed("closes", answer.closes)
    yield from _listed("refuses with another errno or action, or logs", answer.answers)
    yield from _listed("could not be compared, as their rules are too entangled", answer.unclear)


def _dangerous(opens: list[Opened], native: str) -> Iterator[str]:
    by_group: dict[tuple[str, str], list[Opened]] = {}
    for each in opens:
        for key in dict.fromkeys((danger.group, danger.reason) for danger in each.dangers):
            by_group.setdefault(key, []).append(each)
    for (group, reason), members in by_group.items():
        yield f"    {group}: {reason}"
        by_cause: dict[tuple[str, str], list[str]] = {}
        for each in members:
            arguments = ", ".join(
                danger.argument
                for danger in each.dangers
                if danger.argument and (danger.group, danger.reason) == (group, reason)
            )
            by_cause.setdefault((_cause(each), _why_not(each)), []).append(_named(each, arguments, native))
        for (cause, why_not), names in by_cause.items():
            yield from wrapped(f"{cause}: {', '.join(names)}{why_not}", 6)


def _by_cause(opens: list[Opened], native: str) -> Iterator[str]:
    by_cause: dict[str, list[str]] = {}
    for each in opens:
        by_cause.setdefault(_cause(each), []).append(_named(each, "", native))
    for cause, names in by_cause.items():
        yield from wrapped(f"{cause}: {', '.join(names)}", 4)


def _cause(opened: Opened) -> str:
    return opened.why if opened.line is None else f"line {opened.line}"


def _named(opened: Opened, arguments: str, native: str) -> str:
    if not opened.name:
        return NEWER_CALLS
    where = opened.name if native in opened.architectures else call_text(opened.example, native)
    with_arguments = f" with {arguments}" if arguments else ""
    if opened.is_whole:
        return f"{where}{with_arguments}"
    trap = ", only with bits that the kernel does not read" if opened.is_trap else ""
    return f"{opened.name}{with_arguments}, such as {call_text(opened.example, native)}{trap}"


def _why_not(opened: Opened) -> str:
    told = []
    if opened.capabilities:
        told.append(f"RuntimeDefault opens that with {' or '.join(opened.capabilities)}")
    if opened.asked_by_the_kernel:
        has = "which the container lacks" if opened.is_refused_anyway else "which the container has"
        told.append(f"the kernel asks for {' or '.join(opened.asked_by_the_kernel)}, {has}")
    return f" ({'; '.join(told)})" if told else ""


def _listed(what: str, names: tuple[str, ...]) -> Iterator[str]:
    if names:
        yield from wrapped(f"{what}: {first_of([name or NEWER_CALLS for name in names])}", 2)


def judged_json(files: Iterable[tuple[str, Iterable[Judged]]], errors: Iterable[Any]) -> str:
    """The report for programs: one JSON object of kind ProfileJudgmentReport."""
    results = [_result(file, each) for file, judged in files for each in judged]
    head = {"apiVersion": API_VERSION, "kind": "ProfileJudgmentReport"}
    return f"{encoded({**head, 'results': results, 'errors': [each._asdict() for each in errors]})}\n"


def _result(file: str, judged: Judged) -> dict[str, Any]:
    head: dict[str, Any] = {"file": file, "runtimes": [str(runtime) for runtime in judged.runtimes]}
    answer = judged.answer
    if isinstance(answer, NotStarted):
        return {
            **head,
            "class": None,
            "notStarted": {"line": answer.place.line, "message": shortened(answer.problem)},
        }
    return {
        **head,
        "class": str(answer.profile_class),
        "opens": [_opened(each) for each in answer.opens],
        "closes": answer.closes,
        "answers": answer.answers,
        "unclear": answer.unclear,
    }


def _opened(opened: Opened) -> dict[str, Any]:
    return {
        "name": opened.name or None,
        "architectures": opened.architectures,
        "line": opened.line,
        "why": opened.why,
        "wholly": opened.is_whole,
        "onlyByHighBits": opened.is_trap,
        "example": {
            "architecture": opened.example.architecture,
            "number": opened.example.number,
            "arguments": [f"{each:#x}" for each in opened.example.arguments],
        },
        "dangers": [
            {"group": each.group, "reason": each.reason, "argument": each.argument or None}
            for each in opened.dangers
        ],
        "capabilities": opened.capabilities,
        "kernelAsksFor": opened.asked_by_the_kernel,
        "refusedByTheKernelAnyway": opened.is_refused_anyway,
    }
