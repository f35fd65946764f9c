"""What becomes of one call, as text and as JSON."""

from typing import Any, NamedTuple

from webhook.reports.formats.json import API_VERSION, encoded
from webhook.reports.printable import printable
from webhook.reports.profiles.calls import call_text, outcome_text
from webhook.reports.profiles.runtimes import named
from webhook.seccomp.call import Call, Verdict
from webhook.seccomp.loaded import NotStarted
from webhook.seccomp.sight import shortened
from webhook.seccomp.target import Runtime


class Answered(NamedTuple):
    """A call under a profile, with what each group of runtimes answers."""

    file: str
    call: Call
    answers: tuple[tuple[tuple[Runtime, ...], Verdict | NotStarted], ...]


def answered_text(answered: Answered, asked: tuple[Runtime, ...], native: str) -> str:
    """A line for each group of runtimes."""
    call = call_text(answered.call, native)
    return "".join(
        f"{call} on {named(runtimes, asked)}: {_said(answered.file, answer)}\n"
        for runtimes, answer in answered.answers
    )


def _said(file: str, answer: Verdict | NotStarted) -> str:
    if isinstance(answer, NotStarted):
        return f"the container does not start: {printable(shortened(answer.problem))}"
    why = answer.why if answer.line is None else f"{printable(file)}:{answer.line}"
    return f"{outcome_text(answer.outcome)} ({why})"


def answered_json(answered: Answered) -> str:
    """One JSON object of kind ProfileVerdictReport."""
    call = answered.call
    report = {
        "apiVersion": API_VERSION,
        "kind": "ProfileVerdictReport",
        "file": answered.file,
        "call": {
            "architecture": call.architecture,
            "number": call.number,
            "arguments": [f"{each:#x}" for each in call.arguments],
        },
        "results": [
            {"runtimes": [str(runtime) for runtime in runtimes], **_members(answer)}
            for runtimes, answer in answered.answers
        ],
    }
    return f"{encoded(report)}\n"


def _members(answer: Verdict | NotStarted) -> dict[str, Any]:
    if isinstance(answer, NotStarted):
        return {
            "action": None,
            "notStarted": {"line": answer.place.line, "message": shortened(answer.problem)},
        }
    return {
        "action": str(answer.outcome.action),
        "errno": answer.outcome.data if answer.outcome.action.name == "ERRNO" else None,
        "line": answer.line,
        "why": answer.why,
    }
