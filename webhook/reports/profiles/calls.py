"""Calls and outcomes, as people write them."""

from webhook.seccomp.actions import Action, Outcome
from webhook.seccomp.architectures import ARCHITECTURES
from webhook.seccomp.call import Call
from webhook.seccomp.dialects.errnos import NUMBERS
from webhook.seccomp.syscalls import name_of

NEWER_CALLS = "calls of newer kernels"

_NAMES = {number: name for name, number in reversed(NUMBERS.items())}
_SMALL = 4096


def call_text(call: Call, native: str = "") -> str:
    """A call as ``socket(40, 1)``, with ``@x86`` if that is not *native*; zeros at the end are left out."""
    name = name_of(call.number, call.architecture) or f"number {call.number}"
    given = list(call.arguments)
    while len(given) > 1 and not given[-1]:
        given.pop()
    arguments = ", ".join(str(each) if each < _SMALL else f"{each:#x}" for each in given)
    return f"{name}({arguments}){at(call.architecture, native)}"


def at(architecture: str, native: str) -> str:
    """``@x86`` for another architecture than *native*."""
    return "" if architecture == native else f"@{ARCHITECTURES[architecture].plain}"


def outcome_text(outcome: Outcome) -> str:
    """An outcome as ``ALLOW`` or ``ERRNO 38 (ENOSYS)``."""
    name = outcome.action.removeprefix("SCMP_ACT_")
    if outcome.action is not Action.ERRNO:
        return name
    known = _NAMES.get(outcome.data)
    return f"{name} {outcome.data} ({known})" if known else f"{name} {outcome.data}"
