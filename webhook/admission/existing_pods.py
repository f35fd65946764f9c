"""The pods that are already there when their namespace asks for more."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from webhook.admission.choice import Choice
from webhook.admission.cluster import Cluster, Excerpt, PodListFailed
from webhook.admission.rules import Rules
from webhook.policy.message import forbidden_reasons
from webhook.policy.pod import Pod
from webhook.policy.quoting import go_quoted
from webhook.policy.relief import Subject
from webhook.policy.standard import Standard

LONGEST_CHECK: Final = 1.0  # seconds


class Clock(NamedTuple):
    """The time, and when the answer has to be there, if ever, in seconds of the same clock."""

    now: Callable[[], float]
    deadline: float | None = None


def warnings_of_existing_pods(
    namespace: str, standard: Standard, rules: Rules, cluster: Cluster, clock: Clock
) -> tuple[str, ...]:
    """What those who tighten *namespace* to *standard* are told of the pods in it.

    At most 3,000 pods are looked at, for a second or half of the time that is left; ``Choice`` says which.
    Source: Kubernetes documentation, "Pod Security Admission", section "Applying to namespaces".
    """
    end = _end(clock)
    choice = Choice(rules.settings.exemptions)
    try:
        left_out = _show(cluster.pods_in(namespace, end), choice)
    except PodListFailed:
        return ("failed to list pods while checking new PodSecurity enforce level",)
    everything = choice.shown + left_out
    checked, names = _violators(
        [Subject.of_pod(each, namespace) for each in choice.pods], standard, rules, clock.now, end
    )
    said = []
    if checked < everything:
        said.append(
            "new PodSecurity enforce level only checked against the first "
            f"{checked} of {everything} existing pods"
        )
    if names:
        said.append(
            f"existing pods in namespace {go_quoted(namespace)} violate the new PodSecurity enforce level "
            f'"{standard}"'
        )
    return (*said, *sorted(_told(reasons, names[reasons]) for reasons in names))


def _end(clock: Clock) -> float:
    now = clock.now()
    if clock.deadline is None:
        return now + LONGEST_CHECK
    return now + min(LONGEST_CHECK, (clock.deadline - now) / 2)


def _show(listed: Iterable[Pod], choice: Choice) -> int:
    """Show *choice* the pods that are *listed*; how many more there are. Raises PodListFailed."""
    for pod in listed:
        choice.show(pod)
        if choice.is_settled and isinstance(listed, Excerpt):
            break
    return listed.left_out if isinstance(listed, Excerpt) else 0


def _violators(
    subjects: Sequence[Subject], standard: Standard, rules: Rules, now: Callable[[], float], end: float
) -> tuple[int, dict[str, list[str]]]:
    """How many pods there was time for, and the names of those that violate, by their reasons."""
    names: dict[str, list[str]] = {}
    for checked, subject in enumerate(subjects, start=1):
        if findings := rules.judged(subject, standard).findings:
            names.setdefault(forbidden_reasons(findings), []).append(subject.pod.metadata.name or "")
        if now() >= end:
            return checked, names
    return len(subjects), names


def _told(reasons: str, names: Sequence[str]) -> str:
    others = len(names) - 1
    if not others:
        return f"{names[0]}: {reasons}"
    # In the order of bytes, as Go sorts text.
    first = min(names, key=str.encode)
    return f"{first} (and {others} other {'pod' if others == 1 else 'pods'}): {reasons}"
