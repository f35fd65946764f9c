"""On what the agent runs, and what that means for profiles."""

import platform

import pytest

from webhook.agent.machine import Machine, target_of, this_machine
from webhook.seccomp.target import CONTAINERD_RUNC, Reader, Target


def test_the_machine_is_named_as_uname_and_go_name_it() -> None:
    found = this_machine()

    assert found.kernel == platform.release()
    assert found.architecture == {"x86_64": "amd64", "aarch64": "arm64"}.get(
        platform.machine(), found.architecture
    )


@pytest.mark.parametrize(
    ("version", "reader", "numbers"),
    [
        (("containerd", "1.7.24"), Reader.CONTAINERD, (1, 7)),
        (("cri-o", "1.34.1"), Reader.CRIO, (1, 34)),
        (("docker", "v28.0.1"), Reader.DOCKER, (28, 0)),
        (("containerd", "unknown"), Reader.CONTAINERD, CONTAINERD_RUNC.reader_version),
    ],
)
def test_profiles_are_judged_for_the_runtime_of_the_node(
    version: tuple[str, str], reader: Reader, numbers: tuple[int, ...]
) -> None:
    runtime = target_of(Machine("6.1.0-13-amd64", "arm64", *version)).runtime

    assert (runtime.reader, runtime.reader_version) == (reader, numbers)


def test_profiles_are_judged_for_the_kernel_and_the_architecture_of_the_node() -> None:
    target = target_of(Machine("6.1.0-13-arm64", "arm64"))

    assert (target.kernel, target.architecture) == ((6, 1), "SCMP_ARCH_AARCH64")


def test_what_is_not_known_is_what_is_usual() -> None:
    assert target_of(Machine()) == Target()
    assert target_of(Machine("6-rc", "vax", "podman", "5")) == Target()
