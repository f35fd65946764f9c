"""Alerts and dashboard: they name only what is counted, and the alerts fire when they must."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry

from certs.metrics import Metrics as CertificateMetrics
from tests.charts.conftest import Rendering
from tests.charts.helm import CHART, NAMESPACE, Manifest
from tests.charts.promtool import NoPromtool, program
from webhook.server.certificate_report import CertificateReport
from webhook.server.cluster_report import ClusterReport
from webhook.server.journal import Journal
from webhook.server.metrics import Metrics

# Of the API server; from its source, staging/src/k8s.io/apiserver/pkg/admission/metrics.
API_SERVER = {
    "apiserver_admission_webhook_admission_duration_seconds_bucket",
    "apiserver_admission_webhook_rejection_count",
    "apiserver_admission_webhook_fail_open_count",
}
WORDS = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


@pytest.fixture
def counted() -> set[str]:
    """What is counted."""
    ours = Metrics()
    with Path(os.devnull).open("w") as nowhere:
        journal = Journal(nowhere.fileno())
        CertificateReport(journal, ours.registry).serves(datetime.now(UTC))
        ClusterReport(journal, ours.registry)
    both = (ours.registry, CertificateMetrics().registry)
    return {"up"} | API_SERVER | {name for registry in both for name in names(registry)}


def names(registry: CollectorRegistry) -> Iterator[str]:
    for metric in registry.collect():
        endings = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}.get(metric.type, [""])
        yield from (f"{metric.name}{ending}" for ending in endings)


def metrics_in(expression: str) -> set[str]:
    """The metrics that a query names: words with an underscore that are no functions, labels or values."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|by \([^)]*\)|\$\w+', " ", expression)
    return {*WORDS.findall(bare)} - {"histogram_quantile"}


def filled_in(texts: Manifest, labels: Manifest) -> Manifest:
    """Annotations as they are sent, with the values of labels in them."""
    return {
        key: re.sub(r"{{ \$labels\.(\w+) }}", lambda found: str(labels[found[1]]), text)
        for key, text in texts.items()
    }


def rules(rendering: Rendering) -> list[Manifest]:
    groups = rendering.one("PrometheusRule")["spec"]["groups"]
    return [rule for group in groups for rule in group["rules"]]


@pytest.fixture
def watched() -> Rendering:
    return Rendering("profile ha")


def test_the_dashboard_names_only_what_is_counted(watched: Rendering, counted: set[str]) -> None:
    board = json.loads(watched.one("ConfigMap", "-dashboard")["data"]["seccomp-webhook.json"])
    queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert len(queries) > 15
    for query in queries:
        found = metrics_in(query)
        assert found, query
        assert found <= counted, query


def test_alerts_name_only_what_is_counted(watched: Rendering, counted: set[str]) -> None:
    for rule in rules(watched):
        found = metrics_in(rule["expr"]) | ({"up"} if "up{" in rule["expr"] else set())
        assert found, rule["alert"]
        assert found <= counted, rule["alert"]


def test_every_metric_of_ours_is_on_the_dashboard(watched: Rendering, counted: set[str]) -> None:
    text = watched.one("ConfigMap", "-dashboard")["data"]["seccomp-webhook.json"]
    left_out = {
        "seccomp_webhook_certificate_steps_total",
        "seccomp_webhook_certificate_leader",
        "seccomp_webhook_request_duration_seconds_sum",
    }
    assert {name for name in counted if name not in text} == left_out


def test_alerts_say_how_bad_it_is_and_what_to_do(watched: Rendering) -> None:
    for rule in rules(watched):
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["annotations"]["description"].endswith((".", '"'))


def test_no_placeholder_is_left(watched: Rendering) -> None:
    for rule in rules(watched):
        assert not {"SERVER", "HERE", "OUR_WEBHOOKS"} & {*re.findall(r"\b[A-Z_]+\b", rule["expr"])}, rule[
            "alert"
        ]


def test_monitors_read_over_tls_from_the_pods_that_there_are(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        ports = {
            port["name"]
            for _, template in rendering.pods()
            for container in template["spec"]["containers"]
            for port in container.get("ports", ())
        }
        for each in rendering.of("ServiceMonitor", "PodMonitor"):
            (endpoint,) = each["spec"].get("endpoints") or each["spec"]["podMetricsEndpoints"]
            assert endpoint["port"] in ports, rendering.name
            if endpoint["port"] == "https":
                name = f"{rendering.full_name}.{NAMESPACE}.svc"
                assert endpoint["tlsConfig"]["serverName"] == name, rendering.name


def test_each_alert_fires_when_it_must_and_is_quiet_else(watched: Rendering, tmp_path: Path) -> None:
    try:
        promtool = program()
    except NoPromtool as missing:
        # Also in continuous integration, where it would take longer than everything else.
        pytest.skip(str(missing))
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(watched.one("PrometheusRule")["spec"]))
    cases = yaml.safe_load(Path(__file__).with_name("alerts.yaml").read_text())
    texts = {rule["alert"]: rule["annotations"] for rule in rules(watched)}
    for group in cases["tests"]:
        assert {each["alertname"] for each in group["alert_rule_test"]} == {*texts}
        for case in group["alert_rule_test"]:
            for expected in case.get("exp_alerts", ()):
                # The words are those of the rule; here it is about when.
                expected["exp_annotations"] = filled_in(texts[case["alertname"]], expected["exp_labels"])
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(cases))
    for verb in (["check", "rules", "rules.yaml"], ["test", "rules", "tests.yaml"]):
        done = subprocess.run([promtool, *verb], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 - as said
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_files_of_the_chart_are_all_used() -> None:
    templates = "".join(path.read_text() for path in (CHART / "templates").rglob("*.yaml"))
    for path in (CHART / "files").iterdir():
        assert f"files/{path.name}" in templates
