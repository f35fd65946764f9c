"""From the profiles that a runtime makes for many containers to one set of rules with conditions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

Rule = tuple[tuple[str, ...], str, int | None, tuple[tuple[int, int, int, str], ...], int]
Json = dict[str, Any]

ARCHITECTURES: Final = {
    "386": "SCMP_ARCH_X86",
    "amd64": "SCMP_ARCH_X86_64",
    "arm": "SCMP_ARCH_ARM",
    "arm64": "SCMP_ARCH_AARCH64",
    "loong64": "SCMP_ARCH_LOONGARCH64",
    "ppc64le": "SCMP_ARCH_PPC64LE",
    "riscv64": "SCMP_ARCH_RISCV64",
    "s390x": "SCMP_ARCH_S390X",
}
"""The architectures that are asked for: those of Go and Linux but MIPS, whose errno numbers are others."""


class Inconsistent(Exception):
    """What the runtime does cannot be said by conditions on one capability, architecture and kernel each."""


class Asked(NamedTuple):
    """One container that was asked for: ``capability`` is its only one, or None."""

    capability: str | None
    architecture: str
    kernel: tuple[int, int]


def rules_of(profile: Json) -> list[Rule]:
    """The rules of a profile in the form of the OCI runtime specification, comparable.

    The last of each rule is how often the same stands before it: CRI-O's profile repeats itself.
    """
    rules: list[Rule] = []
    seen: Counter[object] = Counter()
    for each in profile["syscalls"]:
        arguments = tuple(
            (at["index"], at["value"], at.get("valueTwo", 0), at["op"]) for at in each.get("args") or ()
        )
        rule = tuple(each["names"]), each["action"], each.get("errnoRet"), arguments
        rules.append((*rule, seen[rule]))
        seen[rule] += 1
    return rules


def conditional(answers: Sequence[tuple[Asked, list[Rule]]]) -> list[Json]:
    """The rules of all answers in one order, with what each asks. Raises Inconsistent."""
    everywhere = {asked for asked, _ in answers}
    found: dict[Rule, set[Asked]] = {}
    for asked, rules in answers:
        for rule in rules:
            found.setdefault(rule, set()).add(asked)
    return [
        _written(rule) | _condition(found[rule], everywhere)
        for rule in _in_order({tuple(rules): None for _, rules in answers})
    ]


def _in_order(lists: Iterable[tuple[Rule, ...]]) -> list[Rule]:
    """All rules, each behind those that it stands behind in any of the lists."""
    before: dict[Rule, set[Rule]] = {}
    for rules in lists:
        for at, rule in enumerate(rules):
            before.setdefault(rule, set()).update(rules[:at])
    placed: list[Rule] = []
    done: set[Rule] = set()
    while len(placed) < len(before):
        following = next((rule for rule, those in before.items() if rule not in done and those <= done), None)
        if following is None:
            raise Inconsistent("the rules have no common order")
        placed.append(following)
        done.add(following)
    return placed


def _written(rule: Rule) -> Json:
    names, action, errno, arguments, _ = rule
    written: Json = {"names": list(names), "action": action}
    if errno is not None:
        written["errno"] = errno
    if arguments:
        written["arguments"] = [list(each) for each in arguments]
    return written


def _condition(places: set[Asked], everywhere: set[Asked]) -> Json:
    capabilities = {each.capability for each in everywhere}
    having = {each.capability for each in places}
    includes: Json = {}
    excludes: Json = {}
    if having != capabilities:
        if None not in having:
            if len(having) != 1:
                raise Inconsistent(f"one of several capabilities: {having}")
            includes["capabilities"] = sorted(filter(None, having))
        else:
            excludes["capabilities"] = sorted(filter(None, capabilities - having))
    architectures = {each.architecture for each in places}
    if architectures != {each.architecture for each in everywhere}:
        includes["architectures"] = sorted(ARCHITECTURES[each] for each in architectures)
    least = min(each.kernel for each in places)
    if least != min(each.kernel for each in everywhere):
        includes["kernel"] = list(least)
    said = {
        each
        for each in everywhere
        if each.capability in having and each.architecture in architectures and each.kernel >= least
    }
    if said != places:
        raise Inconsistent(f"the conditions hang together: {sorted(map(str, said ^ places))[:3]}")
    return {key: value for key, value in (("includes", includes), ("excludes", excludes)) if value}
