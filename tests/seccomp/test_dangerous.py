"""What is dangerous is named by calls and capabilities that exist."""

import pytest

from webhook.seccomp.architectures import ARCHITECTURES
from webhook.seccomp.dangerous import arguments_cut_off, asked_by_the_kernel, dangers_of, groups
from webhook.seccomp.defaults import deciding_capabilities
from webhook.seccomp.syscalls import names
from webhook.seccomp.target import RUNTIMES, Target

X86_64 = "SCMP_ARCH_X86_64"
KNOWN = {name for architecture in ARCHITECTURES for name in names(architecture)}
DANGEROUS = sorted({name for calls in groups().values() for name in calls})


@pytest.mark.parametrize("name", DANGEROUS)
def test_a_dangerous_call_exists_and_has_a_reason(name: str) -> None:
    assert name in KNOWN
    for danger in dangers_of(name, X86_64):
        assert danger.condition is None
        assert danger.reason


def test_no_call_is_in_two_groups() -> None:
    named = [name for calls in groups().values() for name in calls]

    assert len(named) == len(set(named))


def test_what_the_kernel_asks_is_a_capability_by_which_defaults_decide() -> None:
    deciding = frozenset().union(*(deciding_capabilities(Target(runtime)) for runtime in RUNTIMES))
    asked = {capability for name in KNOWN for capability in asked_by_the_kernel(name)}

    assert asked <= deciding
    assert asked_by_the_kernel("bpf") == ("CAP_SYS_ADMIN", "CAP_BPF")
    assert asked_by_the_kernel("read") == ()


def test_only_dangerous_calls_are_asked_for() -> None:
    assert {name for name in KNOWN if asked_by_the_kernel(name)} <= set(DANGEROUS)


@pytest.mark.parametrize("name", ["socket", "ioctl", "clone", "personality"])
def test_what_is_dangerous_by_argument_looks_at_the_lower_half(name: str) -> None:
    for architecture in (X86_64, "SCMP_ARCH_S390X"):
        for danger in dangers_of(name, architecture):
            assert danger.condition is not None
            assert danger.condition.value <= 0xFFFFFFFF
            assert danger.condition.value_two <= danger.condition.value
            assert danger.condition.number in arguments_cut_off(name, architecture)
            assert danger.argument


def test_the_flags_of_clone_are_looked_for_where_the_architecture_has_them() -> None:
    numbers = {
        architecture: {
            danger.condition.number for danger in dangers_of("clone", architecture) if danger.condition
        }
        for architecture in (X86_64, "SCMP_ARCH_S390X")
    }

    assert numbers == {X86_64: {0}, "SCMP_ARCH_S390X": {1}}
