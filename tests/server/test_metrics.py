import re
from typing import Any

import msgspec
import pytest

from webhook.admission import Decision, Evaluation
from webhook.policy.engine import NEWEST
from webhook.policy.standard import LATEST, Level, Standard, Version
from webhook.server.metrics import Metrics

NAMED = {
    "uid": "u", "user": "jane", "namespace": "shop", "name": "cart", "operation": "CREATE",
    "resource": "pods",
    "subresource": "", "dry_run": False, "allowed": True, "code": 200, "reason": "", "message": "",
    "warnings": (), "error": "", "exempt": "", "policy": None, "controls": (), "evaluations": (),
    "errors": (),
    "metric_resource": "pod", "failure": None, "would_refuse": 0, "mutates": False, "mutated": (),
    "exceptions": (),
    "localhost_profiles": (),
}  # fmt: skip


def decision(**changed: Any) -> Decision:  # noqa: ANN401 - any field of a decision
    return Decision(**(NAMED | changed))


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def samples(metrics: Metrics, name: str) -> dict[str, float]:
    """The samples of a counter: its labels, as they are written, and the number."""
    _, text = metrics.exposition()
    found = re.findall(rf"^{name}\{{(.*)\}} (\S+)$", text.decode(), re.MULTILINE)
    return {labels: float(number) for labels, number in found}


def evaluation(level: Level, version: Version, mode: str = "enforce", outcome: str = "deny") -> Decision:
    return decision(evaluations=(Evaluation(outcome, Standard(level, version), mode),))


def test_what_the_built_in_plugin_shows_from_the_start_is_there(metrics: Metrics) -> None:
    allowed = 'decision="allow",mode="enforce",policy_level="privileged",policy_version="latest"'

    assert samples(metrics, "pod_security_evaluations_total") == {
        f'{allowed},request_operation="{operation}",resource="pod",subresource=""': 0.0
        for operation in ("create", "update")
    }
    assert samples(metrics, "pod_security_exemptions_total") == {
        f'request_operation="{operation}",resource="{resource}",subresource=""': 0.0
        for operation in ("create", "update")
        for resource in ("pod", "controller")
    }
    assert samples(metrics, "pod_security_errors_total") == {}


@pytest.mark.parametrize(
    ("level", "version", "label"),
    [
        (Level.RESTRICTED, LATEST, "latest"),
        (Level.BASELINE, Version(24), "v1.24"),
        (Level.BASELINE, NEWEST, str(NEWEST)),
        (Level.BASELINE, Version(NEWEST + 1), "future"),
        (Level.PRIVILEGED, Version(24), "latest"),
        (Level.PRIVILEGED, Version(NEWEST + 1), "latest"),
    ],
)
def test_versions_are_named_as_far_as_they_are_known(
    metrics: Metrics, level: Level, version: Version, label: str
) -> None:
    metrics.record(evaluation(level, version))

    assert (
        samples(metrics, "pod_security_evaluations_total")[
            f'decision="deny",mode="enforce",policy_level="{level}",policy_version="{label}",'
            'request_operation="create",resource="pod",subresource=""'
        ]
        == 1
    )


def test_exemptions_and_errors_are_counted(metrics: Metrics) -> None:
    metrics.record(decision(exempt="user", operation="UPDATE", metric_resource="controller"))
    metrics.record(decision(errors=(False,)))
    metrics.record(decision(errors=(True,), subresource="ephemeralcontainers"))
    labels = 'request_operation="create",resource="pod"'

    exempt = samples(metrics, "pod_security_exemptions_total")
    assert exempt['request_operation="update",resource="controller",subresource=""'] == 1
    assert sum(exempt.values()) == 1
    assert samples(metrics, "pod_security_errors_total") == {
        f'fatal="false",{labels},subresource=""': 1,
        f'fatal="true",{labels},subresource="ephemeralcontainers"': 1,
    }


def test_names_that_callers_make_up_do_not_fill_the_memory(metrics: Metrics) -> None:
    for number in range(1000):
        metrics.record(decision(errors=(True,), operation=f"O{number}", subresource=f"s{number}" * 100))

    errors = samples(metrics, "pod_security_errors_total")
    assert len(errors) < 100
    assert sum(errors.values()) == 1000
    assert len(max(errors)) < 300


def test_times_go_to_ten_seconds(metrics: Metrics) -> None:
    metrics.took(7.0, "/validate", 200)
    buckets = samples(metrics, "seccomp_webhook_request_duration_seconds_bucket")

    assert buckets['code="200",le="5.0",path="/validate"'] == 0
    assert buckets['code="200",le="10.0",path="/validate"'] == 1


def test_there_is_nothing_but_what_was_asked_for(metrics: Metrics) -> None:
    metrics.record(evaluation(Level.BASELINE, LATEST))
    content_type, text = metrics.exposition()

    assert content_type.startswith("text/plain; version=0.0.4")
    assert set(re.findall(r"^# TYPE (\S+ \S+)$", text.decode(), re.MULTILINE)) == {
        "pod_security_evaluations_total counter",
        "pod_security_exemptions_total counter",
        "pod_security_errors_total counter",
        "seccomp_webhook_mutations_total counter",
        "seccomp_webhook_mutation_errors_total counter",
        "seccomp_webhook_exceptions_total counter",
        "seccomp_webhook_localhost_profiles_total counter",
        "seccomp_webhook_request_duration_seconds histogram",
        "seccomp_webhook_refused_total counter",
        "seccomp_webhook_would_refuse_total counter",
        "seccomp_webhook_requests_in_flight gauge",
        "seccomp_webhook_connections gauge",
    }


def test_every_field_of_a_decision_is_known_here() -> None:
    assert set(NAMED) == set(Decision.__struct_fields__)
    assert msgspec.structs.asdict(decision()) == NAMED


def test_a_denial_that_was_not_carried_out_is_counted(metrics: Metrics) -> None:
    metrics.record(decision(would_refuse=403))
    metrics.record(decision())

    assert samples(metrics, "seccomp_webhook_would_refuse_total") == {'code="403",resource="pod"': 1.0}


def test_what_is_wrong_with_profiles_of_the_node_is_counted_by_what_followed(metrics: Metrics) -> None:
    metrics.record(decision(localhost_profiles=(("localhostProfilePresence", "deny"),)))
    metrics.record(decision(localhost_profiles=(("unknown", "unknown"), ("profileFolder", "warn"))))

    assert samples(metrics, "seccomp_webhook_localhost_profiles_total") == {
        'control="localhostProfilePresence",decision="deny"': 1.0,
        'control="unknown",decision="unknown"': 1.0,
        'control="profileFolder",decision="warn"': 1.0,
    }


def test_exceptions_are_counted_by_their_names(metrics: Metrics) -> None:
    metrics.record(decision(exceptions=("clock", "logs")))
    metrics.record(decision(exceptions=("clock",), allowed=False))

    assert samples(metrics, "seccomp_webhook_exceptions_total") == {
        'exception="clock"': 2.0,
        'exception="logs"': 1.0,
    }
