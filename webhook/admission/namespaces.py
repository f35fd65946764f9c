"""Requests for namespaces: their labels must be sound, and tightening one is told what it would break."""

from collections.abc import Mapping

from webhook.admission.cluster import Cluster
from webhook.admission.existing_pods import Clock, warnings_of_existing_pods
from webhook.admission.objects import Namespace, Undecodable, namespace_in
from webhook.admission.refusals import invalid, malformed, undecodable
from webhook.admission.request import Request
from webhook.admission.rules import Rules
from webhook.admission.verdict import ALLOWED, Verdict
from webhook.config import Settings
from webhook.policy.labels import MODES, Policy, is_set, policy_of
from webhook.policy.pod import MalformedObject
from webhook.policy.quoting import go_quoted


def validate_namespace(request: Request, rules: Rules, cluster: Cluster, clock: Clock) -> Verdict:
    """The verdict on a request for a namespace. Source: as for pods."""
    if request.subresource:
        return ALLOWED
    try:
        new = namespace_in(request.object, request.kind)
    except Undecodable as error:
        return undecodable(error.what, error.cause)
    except MalformedObject as error:
        return malformed(request, error)
    if request.operation == "CREATE":
        return _created(request, rules.settings, new)
    if request.operation == "UPDATE":
        return _updated(request, rules, new, cluster, clock)
    return ALLOWED


def _created(request: Request, settings: Settings, new: Namespace) -> Verdict:
    policy, errors = policy_of(new.labels, settings.defaults)
    if errors:
        return Verdict(status=invalid(request, errors), policy=policy)
    if settings.exemptions.cover_namespace(request.namespace):
        return _exempt(new, policy, settings)
    return Verdict(policy=policy)


def _updated(request: Request, rules: Rules, new: Namespace, cluster: Cluster, clock: Clock) -> Verdict:
    settings = rules.settings
    try:
        old = namespace_in(request.old_object, request.kind)
    except Undecodable as error:
        # Upstream's message has two blanks here.
        return undecodable(f" old {error.what}", error.cause)
    except MalformedObject as error:
        return undecodable(" old object", str(error))
    policy, errors = policy_of(new.labels, settings.defaults)
    before, errors_before = policy_of(old.labels, settings.defaults)
    if errors and errors != errors_before:
        return Verdict(status=invalid(request, errors), policy=policy)
    if not _tightens(policy, before):
        return Verdict(policy=policy)
    if settings.exemptions.cover_namespace(request.namespace):
        return _exempt(new, policy, settings)
    warnings = warnings_of_existing_pods(new.name, policy.enforce, rules, cluster, clock)
    return Verdict(warnings=warnings, policy=policy)


def _tightens(new: Policy, old: Policy) -> bool:
    """Whether pods that were enforced to conform to *old* may violate *new*."""
    if new.enforce == old.enforce or not new.enforce.level:
        return False
    return new.enforce.version != old.enforce.version or new.enforce.level > old.enforce.level


def _exempt(namespace: Namespace, policy: Policy, settings: Settings) -> Verdict:
    """Allowed, with a warning that its labels have no effect where they ask for something of their own."""
    if policy.is_privileged or policy.is_equivalent_to(settings.defaults):
        return Verdict(policy=policy)
    warning = (
        f"namespace {go_quoted(namespace.name)} is exempt from Pod Security, "
        f"and the policy ({_asked_for(policy, namespace.labels)}) will be ignored"
    )
    return Verdict(warnings=(warning,), policy=policy)


def _asked_for(policy: Policy, labels: Mapping[str, str]) -> str:
    return ", ".join(
        f"{mode}={standard}"
        for mode, standard in zip(MODES, policy, strict=True)
        if standard.level and is_set(mode, labels)
    )
