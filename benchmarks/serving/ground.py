"""What every server is given: a certificate, a cluster, a configuration, and the reviews it is sent."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.samples import FAILING, PASSING, review
from certs import Names, self_signed

_EXEMPTIONS: Final = {
    "usernames": ["system:serviceaccount:exempt:operator"],
    "namespaces": ["exempt-namespace", "kube-system"],
    "runtimeClasses": ["exempt-class"],
}
_DEFAULTS: Final = {
    "enforce": "baseline",
    "enforce-version": "latest",
    "audit": "privileged",
    "audit-version": "latest",
    "warn": "privileged",
    "warn-version": "latest",
}


class Sample(NamedTuple):
    """A review, and the verdict that is right for it."""

    name: str
    verdict: str


SAMPLES: Final = {"passing": Sample("passing", "allow"), "failing": Sample("failing", "deny")}


class Ground(NamedTuple):
    """A folder with the same files for all."""

    folder: Path

    @property
    def authority(self) -> Path:
        """What vouches for the certificate."""
        return self.folder / "authority.crt"

    @property
    def tls(self) -> Path:
        """A folder with ``tls.crt`` and ``tls.key``."""
        return self.folder / "tls"

    @property
    def certificate(self) -> Path:
        """The certificate served."""
        return self.tls / "tls.crt"

    @property
    def key(self) -> Path:
        """Its key."""
        return self.tls / "tls.key"

    @property
    def kubeconfig(self) -> Path:
        """How the cluster is reached."""
        return self.folder / "kubeconfig"

    @property
    def configuration(self) -> Path:
        """Defaults and exemptions, as the built-in plugin reads them."""
        return self.folder / "pod-security.json"

    def review(self, sample: Sample) -> Path:
        """A file with the review."""
        return self.folder / f"{sample.name}.json"


def prepared(folder: Path, api_server: str) -> Ground:
    """*folder* with all of that in it; *api_server* is a URL."""
    ground = Ground(folder)
    made = self_signed(ground.tls, Names(), now=datetime.now(UTC))
    ground.authority.write_bytes(made.authority.read_bytes())
    kubeconfig = {
        "kind": "Config",
        "apiVersion": "v1",
        "clusters": [{"name": "stand-in", "cluster": {"server": api_server}}],
        "users": [{"name": "webhook", "user": {}}],
        "contexts": [{"name": "stand-in", "context": {"cluster": "stand-in", "user": "webhook"}}],
        "current-context": "stand-in",
    }
    ground.kubeconfig.write_text(json.dumps(kubeconfig))
    configuration = {
        "kind": "PodSecurityConfiguration",
        "apiVersion": "pod-security.admission.config.k8s.io/v1",
        "defaults": _DEFAULTS,
        "exemptions": _EXEMPTIONS,
    }
    ground.configuration.write_text(json.dumps(configuration))
    for sample, pod in zip(SAMPLES.values(), (PASSING, FAILING), strict=True):
        ground.review(sample).write_bytes(review(pod))
    return ground
