"""What ``RuntimeDefault`` is depends on the runtime and its version, the container and the machine."""

import re
from dataclasses import dataclass

import pytest

from webhook.seccomp.defaults import (
    UnknownArchitecture,
    deciding_capabilities,
    origin,
    origins,
    runtime_default,
)
from webhook.seccomp.profile import Filter, Profile
from webhook.seccomp.target import (
    CONTAINERD_RUNC,
    CRIO_RUNC,
    DOCKER_RUNC,
    RUNTIMES,
    Reader,
    Runtime,
    Target,
    Version,
)

ALL_READERS = (CONTAINERD_RUNC, CRIO_RUNC, DOCKER_RUNC)


def allowed(profile: Profile) -> set[str]:
    """The calls that a rule without conditions allows."""
    return {
        name
        for rule in profile.rules
        if rule.action == "SCMP_ACT_ALLOW" and not rule.arguments
        for name in rule.names
    }


def containerd(*version: int) -> Target:
    return Target(CONTAINERD_RUNC._replace(reader_version=version))


@pytest.mark.parametrize("runtime", RUNTIMES, ids=str)
def test_every_runtime_refuses_what_it_does_not_name(runtime: Runtime) -> None:
    profile = runtime_default(Target(runtime))

    assert profile.default_action == "SCMP_ACT_ERRNO"
    assert profile.architectures == ("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32")
    assert {"read", "execve", "exit_group"} <= allowed(profile)
    assert not {"init_module", "kexec_load", "bpf", "unshare", "clone3"} & allowed(profile)


@pytest.mark.parametrize("runtime", RUNTIMES, ids=str)
def test_nothing_is_left_to_decide(runtime: Runtime) -> None:
    profile = runtime_default(Target(runtime))

    assert profile.sub_architectures is None
    assert {(rule.includes, rule.excludes) for rule in profile.rules} == {(Filter(), Filter())}


@pytest.mark.parametrize("runtime", ALL_READERS, ids=str)
def test_a_capability_opens_its_calls(runtime: Runtime) -> None:
    usual = Target(runtime)
    rich = usual._replace(capabilities=usual.capabilities | {"CAP_SYS_MODULE"})

    opened = allowed(runtime_default(rich)) - allowed(runtime_default(usual))

    assert opened - {"query_module"} == {"init_module", "finit_module", "delete_module"}
    assert "CAP_SYS_MODULE" in deciding_capabilities(usual)


@pytest.mark.parametrize("runtime", [CONTAINERD_RUNC, DOCKER_RUNC], ids=str)
def test_ptrace_is_for_kernels_in_which_it_passes_no_filter(runtime: Runtime) -> None:
    old, new = Target(runtime, kernel=(4, 7, 9)), Target(runtime, kernel=(4, 8))

    assert "ptrace" not in allowed(runtime_default(old))
    assert "ptrace" in allowed(runtime_default(new))


@pytest.mark.parametrize("runtime", ALL_READERS, ids=str)
def test_the_flags_of_clone_are_another_argument_on_s390x(runtime: Runtime) -> None:
    def looked_at(architecture: str) -> set[int]:
        rules = runtime_default(Target(runtime, architecture)).rules
        return {each.number for rule in rules if "clone" in rule.names for each in rule.arguments}

    assert looked_at("SCMP_ARCH_AARCH64") == {0}
    assert looked_at("SCMP_ARCH_S390X") == {1}


def test_an_architecture_that_nobody_asked_for_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownArchitecture):
        runtime_default(Target(architecture="SCMP_ARCH_MIPS64"))


@dataclass
class Chosen:
    asked: Version
    since: Version


@pytest.mark.parametrize(
    "case",
    [
        Chosen((1, 6, 36), (1, 7)),
        Chosen((1, 7), (1, 7)),
        Chosen((2, 1, 3), (2, 1)),
        Chosen((2, 9), (2, 4)),
    ],
    ids=str,
)
def test_the_version_at_hand_decides_and_otherwise_the_one_before(case: Chosen) -> None:
    assert origin(containerd(*case.asked)).since == case.since


def test_newer_versions_of_containerd_allow_only_known_families_of_sockets() -> None:
    def operators(target: Target) -> set[str]:
        rules = runtime_default(target).rules
        return {each.op for rule in rules if "socket" in rule.names for each in rule.arguments}

    assert operators(containerd(2, 2)) == {"SCMP_CMP_LT", "SCMP_CMP_EQ", "SCMP_CMP_GT"}
    assert operators(containerd(2, 4)) == {"SCMP_CMP_LT", "SCMP_CMP_EQ"}


def test_each_profile_says_where_it_was_taken_from() -> None:
    known = origins()

    assert {each.reader for each in known} == set(Reader)
    for each in known:
        assert all(re.fullmatch(r"[a-z.]+/\S+@v\d+\.\d+\.\d+", source) for source in each.sources)
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", each.date)
        assert each.license == "Apache-2.0"
