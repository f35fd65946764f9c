"""What is said of the profiles of the node that pods use, beside what the standard says of them.

The words of the built-in plugin stay as they are; ours come after them. What is not known of the nodes is
told, and refuses nobody: docs/decisions/0013-localhost-profiles.md.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple, Self

from msgspec import structs

from webhook.admission.cluster import Cluster
from webhook.admission.evaluation import DENY, LONGEST_ANNOTATION, LONGEST_WORDS, cut
from webhook.admission.refusals import forbidden
from webhook.admission.request import Request
from webhook.admission.rules import Rules
from webhook.admission.verdict import Verdict
from webhook.nodes.effort import Effort
from webhook.nodes.judgment import is_concerned, judge
from webhook.nodes.localhost_profiles import Mode
from webhook.nodes.words import violates
from webhook.policy.core_v1 import Container
from webhook.policy.pod import Pod
from webhook.policy.relief import Subject, Use, told
from webhook.policy.standard import Level

ANNOTATION: Final = "localhost-profiles"
"""The audit annotation with what is wrong with profiles of the node, or not known of them."""

_WARN: Final = "warn"
_UNKNOWN: Final = "unknown"


class About(NamedTuple):
    """What a request is about: pods of a namespace that enforces ``level``.

    With ``added``, these containers of a pod that runs already. Nothing is denied unless ``enforces``.
    """

    level: Level
    added: Collection[Container] | None = None
    enforces: bool = True


class Localhost(NamedTuple):
    """What is asked of pods in one namespace, and where to learn of the nodes."""

    mode: Mode
    cluster: Cluster

    @classmethod
    def of(cls, rules: Rules, namespace: str, labels: Mapping[str, str], cluster: Cluster) -> Self:
        """What *rules* ask of pods in *namespace*, which has *labels*."""
        return cls(rules.settings.localhost_profiles.mode_in(namespace, labels), cluster)

    @property
    def is_asked(self) -> bool:
        """Whether anything is asked."""
        return self.mode is not Mode.OFF

    def beside(
        self, verdict: Verdict, request: Request, subjects: Sequence[Subject], rules: Rules, about: About
    ) -> Verdict:
        """*verdict*, and what there is to say of *subjects*: a denial where the mode is to enforce."""
        if self.mode is Mode.OFF or verdict.exempt or not any(is_concerned(each.pod) for each in subjects):
            return verdict
        found = self._found(subjects, rules, about)
        if not (found.words or found.doubts or found.uses):
            return verdict
        return _with(verdict, request, found, denies=about.enforces and self.mode is Mode.ENFORCE)

    def _found(self, subjects: Sequence[Subject], rules: Rules, about: About) -> "_Found":
        settings = rules.settings
        snapshot = self.cluster.inventory()
        words: dict[str, None] = {}
        doubts: dict[str, None] = {}
        controls: dict[str, None] = {}
        uses: dict[Use, None] = {}
        effort = Effort()
        for subject in subjects:
            if settings.exemptions.cover_runtime_class(subject.pod.spec.runtime_class_name):
                continue
            wanted = settings.localhost_profiles
            judgment = judge(subject.pod, snapshot, wanted, about.level, about.added, effort)
            findings, used = rules.relieved(judgment.findings, subject)
            if findings:
                place = f"{subject.place}: " if subject.place else ""
                words[f"{place}{violates(findings)}"] = None
            controls |= dict.fromkeys(each.check.id for each in findings)
            doubts |= dict.fromkeys(judgment.doubts)
            uses |= dict.fromkeys(used)
        return _Found(cut("; ".join(words), LONGEST_WORDS), tuple(doubts), tuple(controls), tuple(uses))


class _Found(NamedTuple):
    words: str
    doubts: tuple[str, ...]
    controls: tuple[str, ...]
    uses: tuple[Use, ...]


def _with(verdict: Verdict, request: Request, found: _Found, *, denies: bool) -> Verdict:
    status, warnings = verdict.status, verdict.warnings
    denies = denies and bool(found.words)
    if denies and status is not None:
        status = structs.replace(status, message=f"{status.message}; violates {found.words}")
    elif denies:
        status, warnings = forbidden(request, f"violates {found.words}"), ()
    if status is None:
        told_now = (f"would violate {found.words}",) if found.words else ()
        warnings = (*warnings, *told_now, *found.doubts)
    followed = DENY if denies else _WARN
    doubtful = ((_UNKNOWN, _UNKNOWN),) if found.doubts else ()
    return structs.replace(
        verdict,
        status=status,
        warnings=warnings,
        annotations=_annotations(verdict, found, denies=denies),
        controls=tuple(dict.fromkeys((*verdict.controls, *found.controls))),
        exceptions=tuple(dict.fromkeys((*verdict.exceptions, *(each.exception for each in found.uses)))),
        localhost_profiles=(*((each, followed) for each in found.controls), *doubtful),
    )


def _annotations(verdict: Verdict, found: _Found, *, denies: bool) -> dict[str, str]:
    annotations = dict(verdict.annotations or {})
    said = [f"{'violates' if denies else 'would violate'} {found.words}"] if found.words else []
    if said or found.doubts:
        annotations[ANNOTATION] = cut("; ".join([*said, *found.doubts]), LONGEST_WORDS)
    if found.uses:
        before = annotations.get("exception")
        texts = [before, told(found.uses)] if before else [told(found.uses)]
        annotations["exception"] = cut(", ".join(texts), LONGEST_ANNOTATION)
    return annotations


def about_pod(level: Level, pod: Pod, old: Pod | None) -> About:
    """A new *pod*; or, where it was there as *old*, the ephemeral containers that it has more.

    Nothing else of a pod that runs can be new: its profiles and volumes cannot be changed.
    """
    if old is None:
        return About(level)
    known = {each.name for each in old.spec.ephemeral_containers or ()}
    added = [each for each in pod.spec.ephemeral_containers or () if each.name not in known]
    return About(level, tuple(added))
