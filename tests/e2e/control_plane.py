"""A control plane on loopback: etcd, kube-apiserver and, where asked for, the controllers and the scheduler.

It has certificates of its own, RBAC, and an audit log; the folder given holds all that it writes.
"""

import os
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Final

from urllib3.exceptions import HTTPError

from tests.e2e import flags, kubeconfig
from tests.e2e.api import Api
from tests.e2e.audit import POLICY, AuditLog
from tests.e2e.binaries import program
from tests.e2e.certificates import Authority, key_pair
from tests.e2e.flags import LOOPBACK
from tests.e2e.ports import free_port
from tests.e2e.processes import Process
from tests.e2e.running import Running

# kube-apiserver would wait a minute for watches that nobody ends.
_GRACE: Final = 3.0
_ANY: Final = "0.0.0.0"  # noqa: S104 - pods ask from a network of their own


class Extent(IntEnum):
    """How much of a control plane there is: each has what the ones before it have."""

    API = 1
    CONTROLLERS = 2
    """The controllers, the scheduler, and the service accounts that they make."""
    NODES = 3
    """An API server that pods can reach."""


class ControlPlane(Running):
    """A cluster without nodes; usable as a context, in which it is ready.

    ``admin`` asks as a member of ``system:masters``. *admission* is the file of
    ``--admission-control-config-file``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        pod_security: bool,
        extent: Extent = Extent.API,
        admission: Path | None = None,
        stays: bool = False,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.authority = Authority(folder)
        self.port = free_port()
        self.kubeconfig = self.kubeconfig_for("admin", "admin", ["system:masters"])
        self.admin = Api(self.kubeconfig)
        self.audit = AuditLog(folder / "audit.log")
        self.pod_security = pod_security
        self._extent = extent
        self._admission = admission
        self._stays = stays
        self._etcd_port, self._peer_port = free_port(), free_port()
        self._tokens = key_pair(folder, "tokens")
        # A bridge that nodes make: where pods get their addresses, and this machine the first of them.
        self.pods = f"10.244.{os.getpid() % 250}.0/24"
        self.gateway = self.pods.replace(".0/24", ".1")
        hosts = (LOOPBACK, self.gateway, "localhost", "kubernetes.default.svc")
        self._serving = self.authority.issue("apiserver", "kube-apiserver", hosts=hosts)
        self._caller = self.authority.issue("kubelet-caller", "kube-apiserver", ["system:masters"])
        self._running: dict[str, Process] = {}

    def start(self) -> None:
        """Start all of it."""
        self.start_etcd()
        self.start_api_server()
        if self._extent >= Extent.CONTROLLERS:
            self.start_controllers()

    def kubeconfig_for(self, file: str, user: str, groups: Sequence[str] = ()) -> Path:
        """A kubeconfig for *user*, whom RBAC knows by that name and by *groups*."""
        who = kubeconfig.certificate_user(self.authority.issue(file, user, groups))
        return self._kubeconfig(file, who, self.port)

    def kubeconfig_with(self, file: str, token: Path, port: int) -> Path:
        """A kubeconfig for the holder of the token in the file *token*, who goes through *port*."""
        return self._kubeconfig(file, kubeconfig.token_user(token), port)

    def _kubeconfig(self, file: str, user: dict[str, str], port: int) -> Path:
        place = self.folder / f"{file}.kubeconfig"
        return kubeconfig.write(place, f"https://{LOOPBACK}:{port}", self.authority.certificate, user)

    def start_etcd(self) -> None:
        """Start etcd on the data that it has."""
        self._start("etcd", *flags.etcd(self.folder / "etcd", self._etcd_port, self._peer_port))

    def start_api_server(self) -> None:
        """Start kube-apiserver; returns when it is ready."""
        policy = self.folder / "audit-policy.json"
        policy.write_text(POLICY)
        private, public = self._tokens
        off = [] if self.pod_security else ["PodSecurity"]
        if self._extent < Extent.CONTROLLERS:
            # Nobody would make the accounts that it asks for.
            off.append("ServiceAccount")
        process = self._start(
            "kube-apiserver",
            *flags.API_SERVER,
            *flags.certificate(self._serving, "tls-cert-file", "tls-private-key-file"),
            *flags.certificate(self._caller, "kubelet-client-certificate", "kubelet-client-key"),
            f"--client-ca-file={self.authority.certificate}",
            f"--etcd-servers=http://{LOOPBACK}:{self._etcd_port}",
            f"--bind-address={_ANY if self._extent >= Extent.NODES else LOOPBACK}",
            f"--secure-port={self.port}",
            f"--service-account-issuer=https://{LOOPBACK}:{self.port}",
            f"--service-account-key-file={public}",
            f"--service-account-signing-key-file={private}",
            f"--audit-policy-file={policy}",
            f"--audit-log-path={self.audit.place}",
            *([f"--disable-admission-plugins={','.join(off)}"] if off else []),
            *([f"--admission-control-config-file={self._admission}"] if self._admission else []),
        )
        process.wait_until(self.is_ready, "ready")

    def start_controllers(self) -> None:
        """Start kube-controller-manager and kube-scheduler."""
        accounts = (
            "--use-service-account-credentials",
            f"--service-account-private-key-file={self._tokens[0]}",
            f"--root-ca-file={self.authority.certificate}",
        )
        for name, more in (("kube-controller-manager", accounts), ("kube-scheduler", ())):
            access = self.kubeconfig_for(name, f"system:{name}")
            self._start(name, *flags.controller(access, free_port()), *more)

    def start_what_is_missing(self) -> None:
        """Start etcd and kube-apiserver, unless they have been."""
        if "etcd" not in self._running:
            self.start_etcd()
        if "kube-apiserver" not in self._running:
            self.start_api_server()

    def is_ready(self) -> bool:
        """Whether the API server says so."""
        try:
            return self.admin.ask("GET", "readyz").code == 200
        except HTTPError:
            return False

    def stop(self, name: str) -> None:
        """Stop one of the programs, in order."""
        self._running.pop(name).stop(_GRACE)

    def kill(self, name: str = "") -> None:
        """Stop one of the programs, or all of them, at once."""
        for each in [name] if name else [*reversed(self._running)]:
            self._running.pop(each).kill()

    def _start(self, name: str, *arguments: str) -> Process:
        process = Process(name, [program(name), *arguments], self.folder, stays=self._stays)
        self._running[name] = process
        return process
