"""What the policy of a namespace says of one pod, in all three modes."""

from collections.abc import Sequence
from typing import Final

from webhook.admission.refusals import forbidden
from webhook.admission.request import Request
from webhook.admission.rules import Rules
from webhook.admission.verdict import Evaluation, Verdict
from webhook.policy.exemptions import Exemptions
from webhook.policy.field_error import FieldError, aggregated
from webhook.policy.labels import Policy
from webhook.policy.message import breach, breach_in_places
from webhook.policy.relief import Subject, Use, told
from webhook.policy.standard import Standard

ALLOW: Final = "allow"
DENY: Final = "deny"

LONGEST_WORDS: Final = 65_536
"""Characters that are said of one standard: a pod made for it has names of megabytes, and says them often."""

LONGEST_ANNOTATION: Final = 4096
"""Characters of an audit annotation that lists what the webhook did by itself."""

Asked = tuple[Policy, tuple[FieldError, ...]]
"""What the labels of a namespace ask for, and what is wrong with them."""


def exempted(why: str) -> Verdict:
    """The verdict for what is not checked."""
    return Verdict(annotations={"exempt": why}, exempt=why)


def exemption(request: Request, exemptions: Exemptions) -> str:
    """Why the request is not checked at all, or the empty text."""
    if exemptions.cover_namespace(request.namespace):
        return "namespace"
    return "user" if exemptions.cover_user(request.user) else ""


def evaluated(
    request: Request, subjects: Sequence[Subject], asked: Asked, rules: Rules, *, enforces: bool
) -> Verdict:
    """The verdict on *subjects*, the pods of one object: if *enforces*, denied where one breaks the standard.

    A violation of the warn mode is told only to those who are let in.
    """
    is_exempt = rules.settings.exemptions.cover_runtime_class
    subjects = [each for each in subjects if not is_exempt(each.pod.spec.runtime_class_name)]
    if not subjects:
        return exempted("runtimeClass")
    policy, errors = asked
    breaches = _Breaches(subjects, rules)
    annotations = {"error": f"Failed to parse policy: {aggregated(errors)}"} if errors else {}
    evaluations = []
    status = None
    warnings: tuple[str, ...] = ()
    if enforces:
        annotations["enforce-policy"] = str(policy.enforce)
        if words := breaches.of(policy.enforce):
            status = forbidden(request, f"violates {words}")
        evaluations.append(Evaluation(DENY if words else ALLOW, policy.enforce, "enforce"))
    if words := breaches.of(policy.audit):
        annotations["audit-violations"] = f"would violate {words}"
        evaluations.append(Evaluation(DENY, policy.audit, "audit"))
    if status is None and (words := breaches.of(policy.warn)):
        warnings = (f"would violate {words}",)
        evaluations.append(Evaluation(DENY, policy.warn, "warn"))
    if breaches.uses:
        annotations["exception"] = cut(told(breaches.uses), LONGEST_ANNOTATION)
    return Verdict(
        status=status,
        annotations=annotations,
        warnings=warnings,
        policy=policy,
        controls=tuple(dict.fromkeys(breaches.controls)),
        evaluations=tuple(evaluations),
        errors=(False,) if errors else (),
        exceptions=tuple(dict.fromkeys(each.exception for each in breaches.uses)),
    )


class _Breaches:
    """What *subjects* break of each standard, in words: evaluated and said when first asked for, and once."""

    def __init__(self, subjects: Sequence[Subject], rules: Rules) -> None:
        self.controls: list[str] = []
        self.uses: dict[Use, None] = {}
        self._subjects = subjects
        self._rules = rules
        self._known: dict[Standard, str] = {}

    def of(self, standard: Standard) -> str:
        """The breach of *standard*, or the empty text."""
        known = self._known.get(standard)
        if known is None:
            known = self._known[standard] = cut(self._said(standard), LONGEST_WORDS)
        return known

    def _said(self, standard: Standard) -> str:
        broken = []
        for subject in self._subjects:
            findings, uses = self._rules.judged(subject, standard)
            self.uses |= dict.fromkeys(uses)
            self.controls += [each.check.id for each in findings]
            if findings:
                broken.append((subject.place, findings))
        if not broken:
            return ""
        place, findings = broken[0]
        return breach_in_places(standard, broken) if place else breach(standard, findings)


def cut(words: str, longest: int) -> str:
    """*words*, or as many as may be said and an ellipsis."""
    return words if len(words) <= longest else f"{words[: longest - 1]}…"
