"""``check --profiles``: manifests against a folder of profiles."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

HEAD = "apiVersion: seccomp-webhook.io/v1\nkind: Configuration\n"
EXCEPTION = """
exceptions:
- name: carts
  reason: it comes with the next image of the nodes
  expires: 2999-01-31
  match: {namespaces: [shop]}
  allow: [{control: localhostProfilePresence, values: [carts.json]}]
"""


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "cart.json").write_text('{"defaultAction": "SCMP_ACT_ERRNO"}')
    return folder


def pod(tmp_path: Path, path: str, **spec: object) -> Path:
    profile = {"type": "Localhost", "localhostProfile": path}
    container = {"name": "cart", "image": "cart:1", "securityContext": {"seccompProfile": profile}}
    manifest = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "cart", "namespace": "shop"},
        "spec": {"containers": [container], **spec},
    }
    file = tmp_path / "pod.json"
    file.write_text(json.dumps(manifest, indent=1))
    return file


def test_a_profile_that_is_there_is_not_mentioned(seccomp: Run, tmp_path: Path, profiles: Path) -> None:
    ran = seccomp("check", "--level", "baseline", "--profiles", profiles, pod(tmp_path, "cart.json"))

    assert ran == (0, "1 object, 1 pod: all conform to baseline:latest and LocalhostProfiles\n", "")


def test_one_that_is_not_is_told_with_its_line(seccomp: Run, tmp_path: Path, profiles: Path) -> None:
    file = pod(tmp_path, "carts.json")
    ran = seccomp("check", "--level", "baseline", "--profiles", f"{profiles}/", file)

    assert ran.status == 1
    assert f"{file}:1: Pod shop/cart would violate LocalhostProfiles\n" in ran.out
    assert f"it is missing in {profiles}/; did you mean cart.json?" in ran.out
    assert f'{file}:16: container cart: "carts.json"' in ran.out


def test_it_stands_beside_what_the_standard_says(seccomp: Run, tmp_path: Path, profiles: Path) -> None:
    file = pod(tmp_path, "carts.json", hostPID=True)
    ran = seccomp("check", "--level", "baseline", "--profiles", profiles, file)
    (found,) = json.loads(
        seccomp("check", "--level", "baseline", "--profiles", profiles, "-o", "json", file).out
    )["results"]

    assert "would violate baseline:latest and LocalhostProfiles" in ran.out
    assert found["message"].startswith(
        'would violate PodSecurity "baseline:latest": host namespaces (hostPID=true); '
    )
    assert "; would violate LocalhostProfiles: container" in found["message"]
    assert [each["control"] for each in found["violations"]] == ["hostNamespaces", "localhostProfilePresence"]
    assert found["highestLevel"] == "privileged"


def test_without_the_option_nothing_is_asked(seccomp: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"{HEAD}localhostProfiles: {{mode: enforce}}\n")

    assert (
        seccomp("check", "--level", "baseline", "--config", config, pod(tmp_path, "carts.json")).status == 0
    )


@pytest.mark.parametrize(
    "configuration", [EXCEPTION, "localhostProfiles: {namespaces: [{names: [shop], mode: off}]}\n"]
)
def test_a_configuration_applies(seccomp: Run, tmp_path: Path, profiles: Path, configuration: str) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(HEAD + configuration)
    file = pod(tmp_path, "carts.json")

    assert (
        seccomp("check", "--level", "baseline", "--profiles", profiles, "--config", config, file).status == 0
    )


def test_a_pod_may_run_wherever_it_says(seccomp: Run, tmp_path: Path, profiles: Path) -> None:
    file = pod(tmp_path, "carts.json", nodeName="elsewhere", nodeSelector={"a": "b"})

    assert seccomp("check", "--level", "baseline", "--profiles", profiles, file).status == 1


def test_app_armor_is_not_asked_of_a_folder(seccomp: Run, tmp_path: Path, profiles: Path) -> None:
    app_armor = {"appArmorProfile": {"type": "Localhost", "localhostProfile": "cart"}}
    file = pod(tmp_path, "cart.json", securityContext=app_armor)

    assert seccomp("check", "--level", "baseline", "--profiles", profiles, file).status == 0


def test_a_folder_that_is_not_there_is_wrong_use(seccomp: Run, tmp_path: Path) -> None:
    ran = seccomp("check", "--profiles", tmp_path / "nowhere", pod(tmp_path, "cart.json"))

    assert (ran.out, ran.err) == ("", f"Error: {tmp_path}/nowhere: there is no such folder\n")
    assert ran.status != 0
