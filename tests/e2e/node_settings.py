"""What a node's programs are told: containerd, the network's plugin, the kubelet."""

from pathlib import Path
from typing import Any, Final

from tests.e2e.binaries import program
from tests.e2e.ports import free_port

PAUSE: Final = "registry.local/pause:1"
PLUGINS: Final = Path("/usr/lib/cni")


def containerd(folder: Path, socket: Path) -> str:
    """Settings for a machine that may lack AppArmor and the right to lower OOM scores."""
    return f"""
version = 2
root = "{folder}/containerd"
state = "{folder}/containerd-state"
oom_score = 0
[grpc]
  address = "{socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = "{program("runc")}"
      SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{PLUGINS}"
    conf_dir = "{folder}/cni"
"""


def network(folder: Path, bridge: str, subnet: str) -> dict[str, Any]:
    """A bridge on this machine; what is on it reaches the machine, and nothing beyond."""
    addresses = {
        "type": "host-local",
        "ranges": [[{"subnet": subnet}]],
        "dataDir": str(folder / "addresses"),
    }
    plugin = {"type": "bridge", "bridge": bridge, "isGateway": True, "ipam": addresses}
    return {"cniVersion": "0.4.0", "name": "e2e", "plugins": [plugin]}


def kubelet(
    folder: Path, socket: Path, cgroup: str, authority: Path, serving: tuple[Path, Path]
) -> dict[str, Any]:
    """A kubelet that keeps to *folder* and to *cgroup*, and takes any client that *authority* vouches for."""
    certificate, key = serving
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "port": free_port(),
        "healthzPort": free_port(),
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": False},
            "x509": {"clientCAFile": str(authority)},
        },
        "authorization": {"mode": "AlwaysAllow"},
        "tlsCertFile": str(certificate),
        "tlsPrivateKeyFile": str(key),
        "containerRuntimeEndpoint": f"unix://{socket}",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{cgroup}",
        "failCgroupV1": False,
        "failSwapOn": False,
        "oomScoreAdj": 0,
        "makeIPTablesUtilChains": False,
        "localStorageCapacityIsolation": False,
        "enforceNodeAllocatable": [],
        "evictionHard": {"memory.available": "1Mi"},
        "podLogsDir": str(folder / "logs"),
        "staticPodPath": str(folder / "manifests"),
        "volumePluginDir": str(folder / "volume-plugins"),
        "resolvConf": "",
    }
