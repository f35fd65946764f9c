"""A real node: kubelet, containerd and runc, with images and a network of its own. It needs root."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import yaml

from tests.e2e import kubeconfig, node_settings
from tests.e2e.binaries import Unavailable, program
from tests.e2e.control_plane import ControlPlane
from tests.e2e.images import busybox
from tests.e2e.node_clearing import clear, halt, make_cgroups, mark
from tests.e2e.processes import Process
from tests.e2e.running import Running
from tools.image.archive import write_archive

PROGRAMS: Final = ("containerd", "ctr", "runc", "kubelet", "busybox", "iptables")
SHELL: Final = "registry.local/shell:1"
_FOREVER: Final = ["/bin/sleep", "2147483647"]


def check() -> None:
    """Raise Unavailable where there can be no node."""
    if os.geteuid() != 0:
        raise Unavailable("a node needs root: it makes namespaces, cgroups and a network")
    for name in PROGRAMS:
        program(name)
    if not (node_settings.PLUGINS / "bridge").exists():
        bridge = node_settings.PLUGINS / "bridge"
        raise Unavailable(f"there is no {bridge} (Debian: apt-get install containernetworking-plugins)")


class Node(Running):
    """A node of the cluster of *plane*; as a context, it is ready and has the image SHELL.

    ``gateway`` is this machine's address for the pods, and ``profiles`` where their seccomp profiles are.
    """

    def __init__(self, folder: Path, plane: ControlPlane, name: str = "node-1") -> None:
        self.folder = folder
        self.name = name
        self.profiles = folder / "kubelet" / "seccomp"
        self.profiles.mkdir(parents=True)
        self._plane = plane
        self._socket = folder / "containerd.sock"
        # Of interfaces and cgroups too; the kernel takes 15 letters.
        self._mark = f"e2e{os.getpid()}"
        self._running: list[Process] = []

    def start(self) -> None:
        """Start it, and give it images."""
        mark(self.folder, self._mark)
        self._start_containerd()
        for reference in (node_settings.PAUSE, SHELL):
            place = self.folder / "image.tar"
            settings = {"Cmd": _FOREVER, "Env": ["PATH=/bin"]}
            self.load(write_archive(place, reference, [busybox], settings))
            place.unlink()
        self._start_kubelet()

    def kill(self) -> None:
        """End everything at once, and clear it away."""
        while self._running:
            self._running.pop().kill()
        clear(self.folder)

    def reboot(self) -> None:
        """End everything at once, and start with what is on the disk: images, and the pods it had."""
        while self._running:
            self._running.pop().kill()
        halt(self.folder)
        shutil.rmtree(self.folder / "containerd-state")
        make_cgroups(self._mark)
        self._start_containerd()
        self._start_kubelet()

    def restart_kubelet(self, **settings: object) -> None:
        """End the kubelet and start it with other *settings*; pods run on meanwhile."""
        self._running.pop().kill()
        self._start_kubelet(**settings)

    def load(self, archive: Path) -> None:
        """Take in the image of *archive*."""
        self._ctr("images", "import", str(archive))

    def is_ready(self) -> bool:
        node = self._plane.admin.get({"kind": "Node", "metadata": {"name": self.name}})
        conditions = node.body.get("status", {}).get("conditions", ()) if node.code == 200 else ()
        return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)

    def _start_containerd(self) -> None:
        settings = self.folder / "containerd.toml"
        settings.write_text(node_settings.containerd(self.folder, self._socket))
        self._make_bridge()
        (self.folder / "cni").mkdir(exist_ok=True)
        network = node_settings.network(self.folder, self._mark, self._plane.pods)
        (self.folder / "cni" / "10-e2e.conflist").write_text(json.dumps(network))
        process = Process("containerd", [program("containerd"), "-c", settings], self.folder)
        self._running.append(process)
        process.wait_until(lambda: self._ctr("version", check=False) == 0, "answering")

    def _make_bridge(self) -> None:
        """Make the bridge that the plugin would make for the first pod: the kubelet listens on it."""
        bridge = self._mark
        for words in (
            ("link", "add", bridge, "type", "bridge"),
            ("address", "add", f"{self._plane.gateway}/24", "dev", bridge),
            ("link", "set", bridge, "up"),
        ):
            subprocess.run(["ip", *words], check=True)  # noqa: S603, S607 - names of ours

    def _start_kubelet(self, **more: object) -> None:
        authority = self._plane.authority
        user = authority.issue("kubelet", f"system:node:{self.name}", ["system:nodes"], hosts=["127.0.0.1"])
        access = kubeconfig.write(
            self.folder / "kubelet.kubeconfig",
            f"https://127.0.0.1:{self._plane.port}",
            authority.certificate,
            kubeconfig.certificate_user(user),
        )
        settings = self.folder / "kubelet.yaml"
        told = node_settings.kubelet(self.folder, self._socket, self._mark, authority.certificate, user)
        told["address"] = self._plane.gateway
        settings.write_text(yaml.safe_dump(told | more))
        process = Process(
            "kubelet",
            [
                program("kubelet"),
                f"--config={settings}",
                f"--kubeconfig={access}",
                f"--root-dir={self.folder / 'kubelet'}",
                f"--cert-dir={self.folder / 'pki'}",
                f"--hostname-override={self.name}",
                f"--node-ip={self._plane.gateway}",
            ],
            self.folder,
        )
        self._running.append(process)
        process.wait_until(self.is_ready, "ready")

    def _ctr(self, *arguments: str, check: bool = True) -> int:
        command: list[str | Path] = [program("ctr"), "--address", self._socket, "--namespace", "k8s.io"]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - installed
        assert not check or done.returncode == 0, done.stderr
        return done.returncode
