"""What the programs of a control plane are told on their command lines."""

from pathlib import Path
from typing import Final

LOOPBACK: Final = "127.0.0.1"

API_SERVER: Final = (
    f"--advertise-address={LOOPBACK}",
    "--allow-privileged=true",
    "--authorization-mode=Node,RBAC",
    # Webhooks in the cluster are reached without a proxy of services.
    "--enable-aggregator-routing=true",
    "--endpoint-reconciler-type=none",
    "--kubelet-preferred-address-types=InternalIP",
    "--service-cluster-ip-range=10.96.0.0/24",
)
"""What every kube-apiserver is told, wherever it is and whatever it admits."""


def etcd(data: Path, client_port: int, peer_port: int) -> list[str]:
    """An etcd on its own, whose data need not survive the machine."""
    peer, client = (f"http://{LOOPBACK}:{port}" for port in (peer_port, client_port))
    return [
        f"--data-dir={data}",
        "--name=e2e",
        f"--initial-cluster=e2e={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--listen-peer-urls={peer}",
        f"--advertise-client-urls={client}",
        f"--listen-client-urls={client}",
        "--unsafe-no-fsync",
    ]


def controller(access: Path, port: int) -> list[str]:
    """kube-controller-manager or kube-scheduler, the only one of its kind."""
    return [
        f"--kubeconfig={access}",
        f"--authentication-kubeconfig={access}",
        f"--authorization-kubeconfig={access}",
        f"--bind-address={LOOPBACK}",
        f"--secure-port={port}",
        "--leader-elect=false",
    ]


def certificate(place: tuple[Path, Path], certificate_flag: str, key_flag: str) -> list[str]:
    """A certificate and its key."""
    return [f"--{certificate_flag}={place[0]}", f"--{key_flag}={place[1]}"]
