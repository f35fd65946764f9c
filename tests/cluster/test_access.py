"""Who we are: the service account's files, tokens that change, plugins, certificates, bad files."""

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from kubernetes.config import incluster_config

from tests.cluster.api_server import ApiServer
from tests.cluster.conftest import Follow, kubeconfig
from webhook.admission import NamespaceNotFound
from webhook.cluster import Access, NoAccess


def used(server: ApiServer) -> str:
    """The credentials of the last request."""
    return server.requests[-1][1].get("Authorization", "")


@pytest.fixture
def token(server: ApiServer, tls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a service account's token."""
    file = tmp_path / "token"
    file.write_text("first")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "localhost")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", str(server.port))
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(file))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(tls / "ca.crt"))
    return file


def test_in_a_cluster_the_service_account_is_used(server: ApiServer, token: Path, follow: Follow) -> None:
    server.tokens = {token.read_text()}
    follow(Access.of_service_account()).ready()
    assert used(server) == "bearer first"


def test_a_token_that_is_no_longer_good_is_read_again(server: ApiServer, token: Path, follow: Follow) -> None:
    server.tokens = {"first"}
    cluster = follow(Access.of_service_account()).ready()
    token.write_text("second")
    server.tokens = {"second"}
    with pytest.raises(NamespaceNotFound):
        cluster.labels_of("shop")
    assert used(server) == "bearer second"


def test_a_token_is_read_again_after_a_minute(token: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    access = Access.of_service_account()
    assert access.connection().headers["Authorization"] == "bearer first"
    token.write_text("second")
    assert access.connection().headers["Authorization"] == "bearer first"
    clock = incluster_config.datetime.datetime

    class Later(clock):  # type: ignore[misc, valid-type]  # whatever the client's clock is
        @classmethod
        def now(cls) -> object:
            return clock.now() + incluster_config.datetime.timedelta(seconds=61)

    monkeypatch.setattr(incluster_config.datetime, "datetime", Later)
    assert access.connection().headers["Authorization"] == "bearer second"


def test_credentials_that_are_never_good_are_told(server: ApiServer, token: Path, follow: Follow) -> None:
    server.tokens = {"other"}
    assert token.exists()
    running = follow(Access.of_service_account())
    words = "list namespaces: the API server does not accept our credentials (401 Unauthorized)"
    running.until(lambda: words in (running.cluster.waits_for() or ""))


def test_a_pod_without_a_token_is_told(token: Path) -> None:
    token.unlink()
    with pytest.raises(
        NoAccess, match=r"^no credentials for the API server: Service token file does not exist"
    ):
        Access.of_service_account().checked()


def test_a_plugin_is_asked_for_a_token(server: ApiServer, tls: Path, tmp_path: Path, follow: Follow) -> None:
    server.tokens = {"from-a-plugin"}
    answer = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {"token": "from-a-plugin"},
    }
    file = kubeconfig(tmp_path, server.url, tls / "ca.crt")
    config = json.loads(file.read_text())
    config["users"][0]["user"] = {
        "exec": {
            "apiVersion": answer["apiVersion"],
            "command": sys.executable,
            "args": ["-c", f"print({json.dumps(answer)!r})"],
        }
    }
    file.write_text(json.dumps(config))
    follow(Access.of_kubeconfig(str(file))).ready()


def test_certificates_in_a_kubeconfig_survive_the_files_that_the_client_makes_of_them(
    server: ApiServer, tls: Path, tmp_path: Path, follow: Follow
) -> None:
    data = {
        f"client-{kind}-data": base64.b64encode((tls / name).read_bytes()).decode()
        for kind, name in (("certificate", "tls.crt"), ("key", "tls.key"))
    }
    access = Access.of_kubeconfig(str(kubeconfig(tmp_path, server.url, tls / "ca.crt", **data)))
    made = access.connection().configuration
    # As another worker does when it ends.
    Path(made.cert_file).unlink()
    Path(made.key_file).unlink()
    follow(access).ready()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file is empty"),
        (b"[]", "is this a kubeconfig?"),
        (b"apiVersion: v1\nkind: Config\n", "Expected key current-context"),
        (b"a: [", "is this a kubeconfig?"),
        (b"\x00\xff", "is this a kubeconfig?"),
        (b"current-context: gone\ncontexts: []\nclusters: []\nusers: []\n", "with name gone in"),
    ],
)
def test_a_file_that_is_no_kubeconfig_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "kubeconfig"
    file.write_bytes(content)
    with pytest.raises(NoAccess) as caught:
        Access.of_kubeconfig(str(file)).checked()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("make", [lambda path: path / "none", lambda path: path])
def test_a_kubeconfig_that_cannot_be_read_is_told(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(NoAccess, match=r"No such file or directory|Is a directory"):
        Access.of_kubeconfig(str(make(tmp_path))).checked()
