"""Documents, the node and the container they are read for, and what we make of them, as readers say it."""

import base64
from typing import Any, NamedTuple

import msgspec

from tests.strategies.profiles import RUNTIMES, without_places
from webhook.seccomp.dialects import Dialect, read, resolve
from webhook.seccomp.dialects.go_architectures import GO_NAME
from webhook.seccomp.profile import Argument, Profile, Rule, Unreadable
from webhook.seccomp.target import Target

Answer = dict[str, Any]

READERS = (Dialect.OCI, Dialect.DOCKER, Dialect.CONTAINERS_COMMON)


class Case(NamedTuple):
    """A document, and for what it is read."""

    document: bytes
    capabilities: tuple[str, ...] = ("CAP_SYS_ADMIN",)
    kernel: tuple[int, int] = (6, 1)
    architecture: str = "SCMP_ARCH_X86_64"

    def question(self) -> dict[str, Any]:
        """The case as the program takes it."""
        return {
            "Document": base64.b64encode(self.document).decode(),
            "Capabilities": self.capabilities,
            "Kernel": self.kernel,
            "Docker": GO_NAME[Dialect.DOCKER].get(self.architecture, ""),
            "Common": GO_NAME[Dialect.CONTAINERS_COMMON].get(self.architecture, ""),
        }


def disagreement(case: Case, dialect: Dialect, answer: Answer) -> str | None:
    """How what we read in *dialect* differs from what its reader read, *answer*."""
    target = Target(
        RUNTIMES[dialect], case.architecture, case.kernel, capabilities=frozenset(case.capabilities)
    )
    theirs = answer.get("refused") or answer.get("failed")
    try:
        profile = read(case.document, dialect)
        handed = resolve(profile, target)
    except Unreadable as unreadable:
        if theirs == unreadable.problem or _is_a_panic(unreadable.problem, answer):
            return None
        return f"they: {theirs or answer['decoded']}\nwe refuse it: {unreadable.problem}"
    if theirs is not None:
        return f"they refuse it: {theirs}\nwe read {profile}"
    again = read(msgspec.json.encode(answer["decoded"]), dialect)
    # Go writes an empty list of flags no more than none.
    profile = profile._replace(flags=profile.flags or None)
    if without_places(again) != without_places(profile):
        return f"they read {answer['decoded']}\nthat is {again}\nwe read {profile}"
    ours, theirs = handed and config_json(handed), answer["handed"]["seccomp"]
    return None if ours == theirs else f"they hand on {theirs}\nwe hand on {ours}"


def _is_a_panic(problem: str, answer: Answer) -> bool:
    """Where a null makes the reader panic we say so first, whatever else is wrong behind it.

    And we say so, too, where containers-common leaves the rule with the null among its arguments out.
    """
    if "nil pointer" not in problem:
        return False
    rules = (answer["decoded"] or {}).get("syscalls") or ()
    return "failed" in answer or any(None in (each.get("args") or ()) for each in rules)


def config_json(profile: Profile) -> dict[str, Any]:
    """*profile* as Go writes it into the container's config.json."""
    return _without_empty({
        "defaultAction": profile.default_action,
        "defaultErrnoRet": profile.default_errno,
        "architectures": profile.architectures,
        "flags": profile.flags,
        "listenerPath": profile.listener_path,
        "listenerMetadata": profile.listener_metadata,
        "syscalls": tuple(map(_rule_json, profile.rules)),
    }, always=("defaultAction",))  # fmt: skip


def _rule_json(rule: Rule) -> dict[str, Any]:
    return _without_empty({
        "names": list(rule.names) if rule.has_names else None,
        "action": rule.action,
        "errnoRet": rule.errno,
        "args": list(map(_argument_json, rule.arguments)),
    }, always=("names", "action"))  # fmt: skip


def _argument_json(argument: Argument) -> dict[str, Any]:
    two = {"valueTwo": argument.value_two} if argument.value_two else {}
    return {"index": argument.number, "value": argument.value, "op": argument.op} | two


def _without_empty(fields: dict[str, Any], always: tuple[str, ...]) -> dict[str, Any]:
    """As Go leaves out what is empty; a number that is there stays, be it 0."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in fields.items()
        if key in always or value not in (None, "", (), [])
    }
