from typing import Any

import pytest

from webhook.nodes.inventory import NOTHING
from webhook.nodes.judgment import judge
from webhook.nodes.localhost_profiles import SECCOMP_FOLDER, LocalhostProfiles
from webhook.nodes.profile_folder import MOST_PARTS, writable
from webhook.nodes.words import detail
from webhook.policy.pod import Pod, pod_from
from webhook.policy.standard import Level


def pod(path: str, *mounts: dict[str, Any], lists: str = "containers") -> Pod:
    named = [{"name": "v", **mount} for mount in mounts]
    return pod_from(
        {
            "spec": {
                lists: [{"name": "c", "volumeMounts": named}],
                "volumes": [{"name": "v", "hostPath": {"path": path}}, {"name": "e", "emptyDir": {}}],
            }
        }
    )


def names(pod: Pod, folder: str = SECCOMP_FOLDER) -> list[str | None]:
    return [each.name for each in writable(pod, folder)]


@pytest.mark.parametrize(
    "path",
    [
        SECCOMP_FOLDER,
        f"{SECCOMP_FOLDER}/",
        f"{SECCOMP_FOLDER}/shop/cart.json",
        "/var/lib/kubelet",
        "/var/lib",
        "/",
        "//var//lib/./kubelet/pods/../seccomp",
    ],
)
def test_the_folder_its_parents_and_its_children_are_meant(path: str) -> None:
    assert names(pod(path, {})) == ["v"]


@pytest.mark.parametrize("path", ["/var/lib/kubelet/pods", "/var/lib/kubelet/seccomp2", "/var/log", "/etc"])
def test_other_folders_are_not(path: str) -> None:
    assert names(pod(path, {})) == []


@pytest.mark.parametrize("lists", ["containers", "initContainers", "ephemeralContainers"])
def test_every_container_is_looked_at(lists: str) -> None:
    assert names(pod("/", {}, lists=lists)) == ["v"]


def test_who_only_reads_writes_nothing() -> None:
    assert names(pod(SECCOMP_FOLDER, {"readOnly": True})) == []
    assert names(pod(f"{SECCOMP_FOLDER}/shop", {"readOnly": True})) == []
    assert names(pod(SECCOMP_FOLDER, {"readOnly": True}, {"readOnly": False})) == ["v"]


@pytest.mark.parametrize("path", ["/", "/var/lib", "/var/lib/kubelet", "/proc/1/root"])
@pytest.mark.parametrize(
    ("recursive", "hit"),
    [({}, True), ({"recursiveReadOnly": "IfPossible"}, True), ({"recursiveReadOnly": "Enabled"}, False)],
)
def test_what_holds_the_folder_is_only_read_if_that_is_recursive(
    path: str, recursive: dict[str, str], *, hit: bool
) -> None:
    """The folder may be on a file system of its own, which is mounted below and can be written."""
    assert names(pod(path, {"readOnly": True, **recursive})) == ["v"] * hit


@pytest.mark.parametrize(
    "path",
    [
        f"/proc/1/root{SECCOMP_FOLDER}",
        "/proc/1/root",
        "/proc/self/cwd/var/lib",
        "/proc/thread-self/root/",
        f"/proc/1/task/1/root{SECCOMP_FOLDER}",
        f"/proc/1/root/proc/2/cwd{SECCOMP_FOLDER}",
        "/proc",
        "/proc/1/root/proc",
        "/proc/1",
        "/proc/1/task",
        "/proc/1/task/1",
    ],
)
def test_links_of_processes_to_the_folder_are_followed(path: str) -> None:
    assert names(pod(path, {})) == ["v"]


@pytest.mark.parametrize("path", ["/proc/sys", "/proc/1/root/var/log", "/proc/1/net", "/proc/sys/root"])
def test_other_parts_of_proc_are_not_meant(path: str) -> None:
    assert names(pod(path, {})) == []


def test_who_only_reads_proc_watches_the_node() -> None:
    assert names(pod("/proc", {"readOnly": True})) == []


def test_a_volume_that_nobody_mounts_is_written_by_nobody() -> None:
    assert names(pod("/")) == []
    assert names(pod("/", {"name": "e"})) == []


def test_of_a_part_of_a_volume_the_part_is_meant() -> None:
    assert names(pod("/var", {"subPath": "log"})) == []
    assert names(pod("/var", {"subPath": "lib/kubelet"})) == ["v"]


def test_a_kubelet_may_have_another_folder() -> None:
    assert names(pod("/data/kubelet", {}), "/data/kubelet/seccomp") == ["v"]
    assert names(pod(SECCOMP_FOLDER, {}), "/data/kubelet/seccomp") == []


def test_only_what_added_containers_mount_is_asked_of_a_pod_that_runs() -> None:
    subject = pod("/", {})

    assert not list(writable(subject, SECCOMP_FOLDER, ()))
    assert list(writable(subject, SECCOMP_FOLDER, subject.spec.containers))


def test_a_pod_with_endless_mounts_is_not_looked_at_for_long() -> None:
    assert names(pod("/var", *({"subPath": f"log/{each}"} for each in range(MOST_PARTS)))) == []
    assert names(pod("/var", *({"subPath": f"log/{each}"} for each in range(MOST_PARTS + 1)))) == ["v"]


def test_it_is_a_finding_of_its_own_whatever_is_known_of_nodes() -> None:
    (finding,) = judge(pod("/var/lib", {}), NOTHING, LocalhostProfiles(), Level.PRIVILEGED).findings

    assert finding.check.id == "profileFolder"
    assert detail(finding) == (
        'volume "v" must not let containers write "/var/lib": whoever writes /var/lib/kubelet/seccomp '
        "chooses what the profiles of the node allow"
    )
