"""``seccomp-webhook certs``, as the controller of a cluster and as a person uses it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.e2e.api import Api, Manifest
from tests.e2e.binaries import ROOT
from tests.e2e.ports import free_port
from tests.e2e.processes import Process

RBAC = ROOT / "deploy" / "rbac-certificates.yaml"
HOME = "seccomp-webhook"
ACCOUNT = "seccomp-webhook-certificates"
CONFIGURATIONS = {
    "ValidatingWebhookConfiguration": "pod-security-webhook.kubernetes.io",
    "MutatingWebhookConfiguration": "seccomp-webhook-defaults",
}
"""The registrations, by kind, as they are called in deploy/."""

_VALIDATING, _MUTATING = CONFIGURATIONS.values()
AUTHORITY: Manifest = {"kind": "Secret", "metadata": {"name": "seccomp-webhook-authority", "namespace": HOME}}
SERVING: Manifest = {"kind": "Secret", "metadata": {"name": "seccomp-webhook-tls", "namespace": HOME}}
LEASE: Manifest = {"kind": "Lease", "metadata": {"name": ACCOUNT, "namespace": HOME}}

SOAK = 8
OPTIONS = (
    f"--namespace={HOME}", f"--validating={_VALIDATING}", f"--mutating={_MUTATING}", "--name=127.0.0.1",
    "--leaf-lifetime=1h", "--authority-lifetime=4h", f"--soak={SOAK}s", "--short-times",
)  # fmt: skip


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


def certs(command: str, kubeconfig: Path, *more: str) -> Ended:
    """Run ``certs`` *command* to its end."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "webhook", "certs", command, *OPTIONS, f"--kubeconfig={kubeconfig}", *more],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


class Keeper:
    """A process of ``certs run``."""

    def __init__(self, name: str, folder: Path, kubeconfig: Path, *more: str) -> None:
        self.port = free_port()
        self.process = Process(
            name,
            [
                sys.executable, "-m", "webhook", "certs", "run", *OPTIONS, f"--kubeconfig={kubeconfig}",
                "--metrics-address=127.0.0.1", f"--metrics-port={self.port}", "--interval=5s", *more,
            ],
            folder,
        )  # fmt: skip

    def log(self) -> list[dict[str, Any]]:
        """The lines that it has logged."""
        whole, _, _ = self.process.log.read_bytes().rpartition(b"\n")
        return [json.loads(line) for line in whole.splitlines()]

    def said(self, words: str) -> bool:
        """Whether a line of its log has *words*."""
        return any(words in line["message"] for line in self.log())

    def leads(self) -> bool:
        lines = [line["message"] for line in self.log() if line["event"] == "leader"]
        return bool(lines) and lines[-1] == "this process rotates now"


def rights(api: Api, *less: tuple[str, str]) -> None:
    """Give the controller's account what is shipped, but for (verb, resource) in *less*."""
    for manifest in yaml.safe_load_all(RBAC.read_text()):
        if manifest["kind"] in {"Secret", "Lease", "ServiceAccount"}:
            if api.get(manifest).code == 404:
                api.create(manifest).good()
            continue
        for rule in manifest.get("rules", ()):
            rule["verbs"] = [verb for verb in rule["verbs"] if (verb, rule["resources"][0]) not in set(less)]
        api.apply(manifest).good()


def token(api: Api, place: Path) -> Path:
    """A file with a token of the controller's account."""
    request = {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenRequest",
        "spec": {"expirationSeconds": 24 * 3600},
    }
    path = f"api/v1/namespaces/{HOME}/serviceaccounts/{ACCOUNT}/token"
    place.write_text(api.ask("POST", path, request).good().body["status"]["token"])
    place.chmod(0o600)
    return place
