import msgspec
import pytest

from tests.seccomp.starts import RUNTIMES, STARTS, Start
from webhook.seccomp.actions import ENOSYS, EPERM, Action, Outcome
from webhook.seccomp.architectures import X32, X86_64
from webhook.seccomp.call import Call
from webhook.seccomp.dialects import Dialect, read
from webhook.seccomp.load import load
from webhook.seccomp.loaded import Loaded, NotStarted
from webhook.seccomp.syscalls import number_of
from webhook.seccomp.target import CONTAINERD_CRUN, CONTAINERD_RUNC, Runtime, Target
from webhook.seccomp.verdict import verdict

X86 = "SCMP_ARCH_X86"
DENIED = Outcome(Action.ERRNO, EPERM)
ALLOWED = Outcome(Action.ALLOW)
ABSENT = Outcome(Action.ERRNO, ENOSYS)
KILLED = Outcome(Action.KILL_THREAD)


def rule(action: str, *names: str, **also: object) -> dict[str, object]:
    return {"names": names, "action": f"SCMP_ACT_{action}", **also}


def argument(number: int, op: str, value: int, value_two: int = 0) -> dict[str, object]:
    return {"index": number, "op": f"SCMP_CMP_{op}", "value": value, "valueTwo": value_two}


def loaded(
    default: str, *rules: dict[str, object], runtime: Runtime = CONTAINERD_RUNC, **also: object
) -> Loaded:
    profile = {"defaultAction": f"SCMP_ACT_{default}", "syscalls": rules, **also}
    return load(read(msgspec.json.encode(profile), Dialect.OCI), Target(runtime))


def outcome(filter_: Loaded, name: str, *arguments: int, architecture: str = X86_64) -> Outcome:
    number = number_of(name, architecture)
    assert number is not None
    six = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    return verdict(filter_, Call(architecture, number, six)).outcome  # type: ignore[arg-type]  # six of them


def refusal(document: bytes, target: Target) -> str | None:
    """With which words no container starts."""
    try:
        load(read(document, Dialect.OCI), target)
    except NotStarted as refused:
        return refused.problem
    return None


@pytest.mark.parametrize("start", [each for each in STARTS if not each.is_slow], ids=lambda start: start.name)
def test_a_container_starts_or_not_with_the_words_of_the_runtime(start: Start) -> None:
    for name, said in start.said.items():
        assert refusal(start.document, Target(RUNTIMES[name], libseccomp=(2, 5, 4))) == said, name


def test_runc_takes_an_empty_profile_for_none() -> None:
    assert not load(read(b"{}", Dialect.OCI), Target()).is_filter


def test_the_first_unconditional_rule_wins() -> None:
    filter_ = loaded("ALLOW", rule("ERRNO", "mkdir"), rule("KILL", "mkdir"))

    assert outcome(filter_, "mkdir") == DENIED
    assert [each.place.path for each in filter_.dropped] == ["syscalls[1]"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_unconditional_rule_erases_those_with_conditions(order: tuple[int, int]) -> None:
    rules = (rule("ERRNO", "mkdir"), rule("KILL", "mkdir", args=[argument(0, "EQ", 1)]))

    assert outcome(loaded("ALLOW", *(rules[at] for at in order)), "mkdir", 1) == DENIED


def test_a_rule_with_the_default_action_is_skipped_and_a_later_one_wins() -> None:
    filter_ = loaded("ERRNO", rule("ERRNO", "mkdir"), rule("ALLOW", "mkdir"))

    assert outcome(filter_, "mkdir") == ALLOWED


def test_two_conditions_on_one_argument_are_an_or_and_all_the_others_lose_their_and() -> None:
    filter_ = loaded(
        "ERRNO",
        rule("ALLOW", "socket", args=[argument(0, "NE", 38), argument(0, "NE", 40), argument(1, "EQ", 1)]),
    )

    assert outcome(filter_, "socket", 38, 2) == ALLOWED
    assert outcome(filter_, "socket", 40, 2) == ALLOWED


def test_conditions_are_of_64_bits() -> None:
    filter_ = loaded("ERRNO", rule("ALLOW", "socket", args=[argument(0, "GT", 40)]))

    assert outcome(filter_, "socket", 40) == DENIED
    assert outcome(filter_, "socket", 0x1_0000_0028) == ALLOWED


def test_a_comparison_may_be_of_what_was_loaded_before() -> None:
    # Both rules deny 2 by what they say; libseccomp 2.5.4 and 2.6.1 let it pass.
    filter_ = loaded(
        "ALLOW",
        rule("ERRNO", "semop", args=[argument(0, "LT", 2)]),
        rule("ERRNO", "semop", args=[argument(0, "LE", 0x1_0000_0002)]),
        runtime=CONTAINERD_CRUN,
    )

    assert outcome(filter_, "semop", 1) == DENIED
    assert outcome(filter_, "semop", 2) == ALLOWED


def test_runc_answers_enosys_above_the_last_call_that_is_named_and_crun_does_not() -> None:
    late = Call(X86_64, 450)

    assert verdict(loaded("KILL_PROCESS", rule("ALLOW", "read", "close")), late).outcome == ABSENT
    assert verdict(loaded("LOG", rule("ERRNO", "read")), late).outcome == Outcome(Action.LOG)
    crun = loaded("KILL_PROCESS", rule("ALLOW", "read"), runtime=CONTAINERD_CRUN)
    assert verdict(crun, late).outcome == Outcome(Action.KILL_PROCESS)


def test_an_architecture_that_is_not_named_kills_the_thread() -> None:
    alone, both = loaded("ALLOW"), loaded("ALLOW", architectures=[X86])

    assert verdict(alone, Call(X86, 20)).outcome == KILLED
    assert verdict(alone, Call(X86_64, 0x40000000)).outcome == KILLED
    assert verdict(alone, Call(X86_64, 0xFFFFFFFF)).outcome == ALLOWED
    assert verdict(both, Call(X86, 20)).outcome == ALLOWED
    assert verdict(loaded("ALLOW", architectures=[X32]), Call(X86_64, 0x40000000)).outcome == ALLOWED


def test_through_socketcall_nobody_asks_for_the_domain() -> None:
    filter_ = loaded("ERRNO", rule("ALLOW", "socket", args=[argument(0, "EQ", 1)]), architectures=[X86])

    assert outcome(filter_, "socket", 2, architecture=X86) == DENIED
    assert outcome(filter_, "socketcall", 1, architecture=X86) == ALLOWED


def test_a_verdict_names_the_line_of_its_rule() -> None:
    document = (
        b'{"defaultAction": "SCMP_ACT_ALLOW",\n"syscalls": [\n{"names": ["read"], "action": "SCMP_ACT_LOG"}]}'
    )
    filter_ = load(read(document, Dialect.OCI), Target())

    assert verdict(filter_, Call(X86_64, 0)).line == 3
    assert verdict(filter_, Call(X86_64, 1)).line is None


def test_what_reads_docker_s_fields_loads_what_they_say() -> None:
    profile = b"""{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [{"architecture": "SCMP_ARCH_X86_64",
        "subArchitectures": ["SCMP_ARCH_X86"]}], "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ALLOW",
        "includes": {"caps": ["CAP_SYS_ADMIN"]}}]}"""
    docker = Target().runtime._replace(reader="docker")
    target = Target(docker)  # type: ignore[arg-type]  # a reader by its name

    as_docker = load(read(profile, Dialect.DOCKER), target)
    as_containerd = load(read(profile, Dialect.OCI), Target())

    assert outcome(as_docker, "mount") == DENIED
    assert outcome(as_containerd, "mount") == ALLOWED
    assert set(as_docker.filters) == {X86_64, X86}
    assert any("includes" in each.why for each in as_containerd.dropped)


def test_a_call_that_this_libseccomp_does_not_know_is_dropped() -> None:
    profile = read(
        msgspec.json.encode({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule("ERRNO", "mseal")]}),
        Dialect.OCI,
    )
    old, new = (load(profile, Target(libseccomp=version)) for version in ((2, 5, 4), (2, 5, 6)))

    assert outcome(old, "mseal") == ALLOWED
    assert outcome(new, "mseal") == DENIED
    assert [each.why for each in old.dropped] == ["mseal: libseccomp does not know such a call"]
