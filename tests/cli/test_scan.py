"""``scan`` before an API server."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from certs import Names, self_signed
from tests.cluster.api_server import ApiServer
from tests.cluster.conftest import kubeconfig
from webhook.cli.program import program
from webhook.policy.workload import KINDS

APPS, CORE, BATCH = "/apis/apps/v1", "/api/v1", "/apis/batch/v1"
NODES = f"{CORE}/nodes"
PROFILES = "/apis/seccomp-webhook.io/v1alpha1/nodeprofiles"
WORKLOADS = (
    *(f"{CORE}/{each}" for each in ("pods", "replicationcontrollers")),
    *(f"{APPS}/{each}" for each in ("deployments", "replicasets", "statefulsets", "daemonsets")),
    *(f"{BATCH}/{each}" for each in ("jobs", "cronjobs")),
)

Scan = Callable[..., Result]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    self_signed(folder, Names(), now=datetime.now(UTC))
    return folder


@pytest.fixture
def server(tls: Path) -> Iterator[ApiServer]:
    server = ApiServer(tls)
    server.serve(NODES, PROFILES, *WORKLOADS)
    server.put("shop", enforce="restricted")
    for name in "ab":
        server.place(NODES, {"metadata": {"name": name}})
        listed = [
            {"path": path, "digest": f"sha256:{'0' * 63}1", "size": 1} for path in ("good.json", "old.json")
        ]
        status = {"kernel": "6.18", "architecture": "amd64", "seccomp": listed}
        server.place(PROFILES, {"metadata": {"name": name}, "status": status})
    yield server
    if not server.stopped:
        server.stop()


@pytest.fixture
def scan(server: ApiServer, tls: Path, tmp_path: Path) -> Scan:
    config = kubeconfig(tmp_path, server.url, tls / "ca.crt")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(
            program, ["scan", "--profiles", "--kubeconfig", str(config), *arguments], standalone_mode=False
        )

    return run


def deployment(name: str, profile: str, namespace: str = "shop") -> dict[str, Any]:
    context = {"seccompProfile": {"type": "Localhost", "localhostProfile": profile}}
    spec = {"containers": [{"name": "web", "image": "web"}], "securityContext": context}
    return {"metadata": {"name": name, "namespace": namespace}, "spec": {"template": {"spec": spec}}}


def test_every_kind_that_makes_pods_is_served_in_these_tests() -> None:
    plurals = {workload.resource for workload in KINDS.values()} - {"podtemplates"}
    assert {path.rpartition("/")[2] for path in WORKLOADS} == plurals


def test_what_is_missing_and_what_is_unused_is_told(server: ApiServer, scan: Scan) -> None:
    server.place(f"{APPS}/deployments", deployment("cart", "shop/good.json"))
    server.place(f"{APPS}/deployments", deployment("till", "good.json"))
    result = scan()

    assert result.stdout == (
        "Deployment shop/cart\n"
        '  localhostProfilePresence: pod must not use seccomp profile "shop/good.json": it is missing on'
        " all 2 nodes the pod may be scheduled to (a, b); did you mean good.json?\n"
        "      spec.template.spec.securityContext.seccompProfile.localhostProfile\n"
        "\n"
        "No workload uses\n"
        "  old.json on 2 nodes\n"
        "\n"
        "2 of 2 workloads with profiles of the node: 1 with something wrong; 2 of 2 nodes known, with 2"
        " profiles, 1 unused\n"
    )
    assert result.stderr == ""
    assert result.return_value == 1


def test_programs_get_the_same_as_json(server: ApiServer, scan: Scan, tmp_path: Path) -> None:
    server.place(f"{APPS}/deployments", deployment("cart", "nowhere.json"))
    file = tmp_path / "report.json"
    result = scan("-o", f"json={file}", "-o", "text")
    report = json.loads(file.read_text())

    assert report["kind"] == "ProfileScanReport"
    assert report["summary"] == {
        "workloads": 1, "using": 1, "denied": 1, "doubtful": 0,
        "nodes": 2, "reported": 2, "profiles": 2, "unused": 2, "errors": 0,
    }  # fmt: skip
    [found] = report["results"]
    assert found["object"] == {
        "apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "cart",
    }  # fmt: skip
    assert (found["allowed"], found["profiles"], found["doubts"]) == (False, ["nowhere.json"], [])
    assert found["level"] == "restricted"
    [violation] = found["violations"]
    assert violation["control"] == "localhostProfilePresence"
    assert violation["fields"] == [
        {
            "path": "spec.template.spec.securityContext.seccompProfile.localhostProfile",
            "container": None,
            "value": "nowhere.json",
        }
    ]
    assert report["unused"][0] == {"path": "good.json", "nodes": 2, "error": ""}
    assert "1 with something wrong" in result.stdout


def test_where_nothing_is_wrong_the_status_says_so(server: ApiServer, scan: Scan) -> None:
    server.place(f"{APPS}/deployments", deployment("till", "good.json"))
    result = scan()

    assert result.return_value == 0
    assert result.stdout.endswith(
        "1 of 1 workload with profiles of the node: nothing wrong;"
        " 2 of 2 nodes known, with 2 profiles, 1 unused\n"
    )


def test_thousands_are_listed_in_parts(server: ApiServer, scan: Scan) -> None:
    for number in range(1100):
        server.place(f"{APPS}/deployments", deployment(f"cart-{number}", "good.json"))
    result = scan()

    assert result.stdout.startswith("No workload uses\n  old.json on 2 nodes\n\n1,100 of 1,100 workloads")
    pages = [path for path, _ in server.requests if path.startswith(f"{APPS}/deployments?limit=500")]
    assert len(pages) == 3


def test_one_namespace_says_nothing_of_what_nobody_uses(server: ApiServer, scan: Scan) -> None:
    server.serve(*(each.replace("/v1/", "/v1/namespaces/shop/") for each in WORKLOADS))
    server.place(f"{APPS}/namespaces/shop/deployments", deployment("cart", "good.json"))
    server.place(f"{APPS}/deployments", deployment("other", "nowhere.json", "yard"))
    result = scan("-n", "shop")

    assert (result.return_value, result.stderr) == (0, "")
    assert "unused" not in result.stdout


@pytest.mark.parametrize(
    "wanted",
    [
        "list daemonsets.apps",
        "list pods",
        "list nodes",
        "list namespaces",
        "list nodeprofiles.seccomp-webhook.io",
    ],
)
def test_what_may_not_be_read_is_an_error_and_the_rest_is_told(
    server: ApiServer, scan: Scan, wanted: str
) -> None:
    server.place(f"{APPS}/deployments", deployment("cart", "../nowhere.json"))
    server.forbidden.add(wanted)
    result = scan("-o", "json")
    report = json.loads(result.stdout)

    assert result.return_value == 2
    [error] = report["errors"]
    assert error["message"].startswith(f"missing permission: {wanted}: ")
    assert result.stderr.startswith(f"Error: missing permission: {wanted}: ")
    assert report["unused"] is None, "who could not be asked may use it"
    [found] = report["results"]
    assert found["violations"][0]["control"] == "localhostProfilePath"


def test_where_nobody_says_what_nodes_hold_that_is_an_error(server: ApiServer, scan: Scan) -> None:
    del server.placed[PROFILES]
    result = scan()

    assert result.return_value == 2
    assert "nobody says which profiles nodes hold" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["scan"], "Say what to look at: --profiles."),
        (["scan", "--profiles", "-o", "sarif"], 'no format "sarif"; known are json, text.'),
        (["scan", "--profiles", "--kubeconfig", "/nowhere"], "no credentials for the API server: /nowhere"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(program, arguments)

    assert result.exit_code != 0
    assert words in result.stderr


def test_a_cluster_that_does_not_answer_is_told_once(server: ApiServer, scan: Scan) -> None:
    server.stop()
    result = scan()

    assert "list nodes: connection refused: nothing listens at" in str(result.exception)
    assert (result.stdout, result.stderr) == ("", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-n", "no/such"], 'No namespace can be called "no/such".'),
        (["--context", "elsewhere"], "elsewhere"),
    ],
)
def test_names_that_cannot_be_are_refused(scan: Scan, arguments: list[str], words: str) -> None:
    result = scan(*arguments)

    assert words in str(result.exception)


def test_the_pods_that_are_over_are_not_told_of(server: ApiServer, scan: Scan) -> None:
    context = {"seccompProfile": {"type": "Localhost", "localhostProfile": "nowhere.json"}}
    spec = {"containers": [{"name": "web"}], "securityContext": context}
    for name, phase in (("done", "Succeeded"), ("failed", "Failed"), ("runs", "Running")):
        metadata = {"name": name, "namespace": "shop"}
        server.place(f"{CORE}/pods", {"metadata": metadata, "spec": spec, "status": {"phase": phase}})
    result = scan("-o", "json")

    assert [each["object"]["name"] for each in json.loads(result.stdout)["results"]] == ["runs"]


def test_what_the_webhook_would_let_in_is_not_told_of(server: ApiServer, scan: Scan, tmp_path: Path) -> None:
    for name, namespace in (("cart", "shop"), ("till", "shop"), ("pump", "yard")):
        server.place(f"{APPS}/deployments", deployment(name, "nowhere.json", namespace))
    file = tmp_path / "configuration.yaml"
    exception = {
        "name": "cart",
        "reason": "it is on its way",
        "expires": str(datetime.now(UTC).date() + timedelta(days=1)),
        "match": {"namespaces": ["shop"], "workloads": [{"kind": "Deployment", "name": "cart"}]},
        "allow": [{"control": "localhostProfilePresence"}],
    }
    file.write_text(
        json.dumps(
            {
                "apiVersion": "seccomp-webhook.io/v1",
                "kind": "Configuration",
                "podSecurity": {"exemptions": {"namespaces": ["yard"]}},
                "exceptions": [exception],
            }
        )
    )
    report = json.loads(scan("--config", str(file), "-o", "json").stdout)

    assert [each["object"]["name"] for each in report["results"]] == ["till"]
    assert report["summary"]["denied"] == 1
