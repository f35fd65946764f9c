"""The words in which a pod is refused: the built-in plugin's, byte for byte.

A rule's words hold places in braces, such as ``{containers}``; ``_PLACES`` says what each becomes.
Source: the messages of Kubernetes' Pod Security admission, which its users search for.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from string import Formatter
from typing import Final

from webhook.policy.check import Finding, Violation
from webhook.policy.core_v1 import Container, Volume
from webhook.policy.quoting import go_quoted
from webhook.policy.standard import Standard


def violates(standard: Standard, findings: Iterable[Finding]) -> str:
    """The sentence of a denial, without the name of the pod."""
    return f"violates {breach(standard, findings)}"


def would_violate(standard: Standard, findings: Iterable[Finding]) -> str:
    """The sentence of a warning, and of the audit annotation."""
    return f"would violate {breach(standard, findings)}"


def breach(standard: Standard, findings: Iterable[Finding]) -> str:
    """What both sentences share, for callers that need both: composing it costs more than the evaluation."""
    return f'PodSecurity "{standard}": {forbidden_detail(findings)}'


def breach_in_places(standard: Standard, found: Iterable[tuple[str, Iterable[Finding]]]) -> str:
    """As ``breach``, of an object with several pods: what is wrong, each with the places where it is."""
    places: dict[str, list[str]] = {}
    for place, findings in found:
        places.setdefault(forbidden_detail(findings), []).append(place)
    told = "; ".join([f"{', '.join(at)}: {details}" for details, at in places.items()])
    return f'PodSecurity "{standard}": {told}'


def forbidden_detail(findings: Iterable[Finding]) -> str:
    """Every reason with its detail, as ``reason (detail), reason (detail)``."""
    return ", ".join(
        [f"{reason(each)} ({said})" if (said := detail(each)) else reason(each) for each in findings]
    )


def forbidden_reasons(findings: Iterable[Finding]) -> str:
    """The reasons alone, as the re-check of a namespace's pods groups them."""
    return ", ".join([reason(each) for each in findings])


def reason(finding: Finding) -> str:
    """What the control is called in messages."""
    check, violations = finding
    return _spoken(check.reason, violations) if "{" in check.reason else check.reason


def detail(finding: Finding) -> str:
    """Who breaks the control and how; empty where it only lists names, and the one name is empty."""
    check, violations = finding
    clauses = (
        _spoken(rule.words, broken)
        for rule in check.rules
        if (broken := [each for each in violations if each.rule is rule])
    )
    return "; ".join(clauses) if check.names_every_rule else next(clauses)


def _spoken(words: str, violations: Sequence[Violation]) -> str:
    return "".join([part if isinstance(part, str) else part(violations) for part in _parts(words)])


@cache
def _parts(words: str) -> tuple[str | Callable[[Sequence[Violation]], str], ...]:
    # One entry for each text that a control exports: bounded by the controls.
    parts: list[str | Callable[[Sequence[Violation]], str]] = []
    for literal, place, _, _ in Formatter().parse(words):
        parts += [literal] if literal else []
        parts += [_PLACES[place]] if place is not None else []
    return tuple(parts)


def _nodes(violations: Sequence[Violation], kind: type[Container | Volume]) -> list[str]:
    """The names of the containers, or volumes, that violate: each once, in the pod's order."""
    nodes = {id(each.node): each.node for each in violations if isinstance(each.node, kind)}
    return [node.name or "" for node in nodes.values()]


def _counted(noun: str, names: Sequence[str]) -> str:
    return f"{noun if len(names) == 1 else noun + 's'} {_quoted(names)}"


def _using(noun: str, names: Sequence[str]) -> str:
    return f"{_counted(noun, names)} {'uses' if len(names) == 1 else 'use'}"


def _quoted(texts: Iterable[str]) -> str:
    # As the built-in plugin: the content is not escaped.
    return '"' + '", "'.join(texts) + '"'


def _is_annotation(violation: Violation) -> bool:
    return violation.field[:2] == ("metadata", "annotations")


def _texts(violations: Sequence[Violation]) -> list[str]:
    """The distinct values, sorted: those of fields first, then annotations as ``key="value"``."""
    values = {str(each.value) for each in violations if not _is_annotation(each)}
    annotations = {f"{each.field[-1]}={go_quoted(each.value)}" for each in violations if _is_annotation(each)}
    return sorted(values) + sorted(annotations)


def _containers(violations: Sequence[Violation]) -> str:
    return _counted("container", _nodes(violations, Container))


def _setters(violations: Sequence[Violation]) -> str:
    annotations = sum(map(_is_annotation, violations))
    parts = []
    if any(each.node is None and not _is_annotation(each) for each in violations):
        parts.append("pod")
    if any(each.node is not None for each in violations):
        parts.append(_containers(violations))
    if annotations:
        parts.append("annotation" if annotations == 1 else "annotations")
    return " and ".join(parts)


def _faults(violations: Sequence[Violation]) -> str:
    """What is wrong in SELinux options: the types by value, user and role by their presence."""
    types = sorted({each.value for each in violations if each.field[-1] == "type"})
    faulty = {each.field[-1] for each in violations}
    clauses = [_counted("type", types)] if types else []
    clauses += [f"{name} may not be set" for name in ("user", "role") if name in faulty]
    return "; ".join(clauses)


_PLACES: Final[dict[str, Callable[[Sequence[Violation]], str]]] = {
    "containers": _containers,
    "containers_use": lambda found: _using("container", _nodes(found, Container)),
    "named_containers_use": lambda found: _using("container", sorted(set(_nodes(found, Container)))),
    "setters": _setters,
    "volumes": lambda found: _counted("volume", _nodes(found, Volume)),
    "volumes_use": lambda found: _using("volume", _nodes(found, Volume)),
    "values": lambda found: _quoted(_texts(found)),
    "list": lambda found: ", ".join(_texts(found)),
    "in_order": lambda found: ", ".join(str(each.value) for each in found),
    "s": lambda found: "" if len(_texts(found)) == 1 else "s",
    "settings": lambda found: ", ".join(f"{each.field[-1]}=true" for each in found),
    "faults": _faults,
}
