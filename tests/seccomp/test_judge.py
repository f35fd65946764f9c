"""A profile's class, what it opens and by which line, beside the default of the same container."""

import json
from random import Random
from typing import Any, NoReturn

import pytest

from tests.seccomp.docker_texts import docker_text
from webhook.seccomp.defaults import deciding_capabilities, runtime_default
from webhook.seccomp.dialects import DIALECT_OF, read
from webhook.seccomp.judge import UNJUDGED, Judgment, ProfileClass, class_of, judge
from webhook.seccomp.loaded import NotStarted, Unjudged
from webhook.seccomp.openings import Opened
from webhook.seccomp.target import (
    CONTAINERD_RUNC,
    CRIO_RUNC,
    DOCKER_RUNC,
    RUNTIMES,
    Runtime,
    Target,
)

X86 = ("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32")
HERE = Target(CONTAINERD_RUNC._replace(reader_version=(2, 4)))
DROPPED = {"bpf", "mount", "setns", "init_module", "perf_event_open", "clone3"}


def text(*rules: dict[str, Any], default: str = "SCMP_ACT_ALLOW", **more: Any) -> bytes:  # noqa: ANN401 - JSON
    """A profile, one rule a line: the first stands in line 2."""
    head = json.dumps({"defaultAction": default, "architectures": X86} | more)
    lines = ",\n".join(map(json.dumps, rules))
    return f'{head[:-1]}, "syscalls": [\n{lines}\n]}}'.encode()


def rule(*names: str, action: str = "SCMP_ACT_ALLOW", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"names": names, "action": action, **more}


def argument(index: int, op: str, value: int, value_two: int = 0) -> dict[str, Any]:
    return {"index": index, "op": f"SCMP_CMP_{op}", "value": value, "valueTwo": value_two}


def judged(document: bytes, target: Target = HERE) -> Judgment:
    return judge(read(document, DIALECT_OF[target.runtime.reader]), target)


def opening(judgment: Judgment, name: str) -> Opened:
    (found,) = (each for each in judgment.opens if each.name == name)
    return found


def of_the_default(
    *, target: Target = HERE, without: str = "", also: tuple[dict[str, Any], ...] = ()
) -> bytes:
    """The default's own rules as a file, without the rules for one name and with more behind them."""
    profile = runtime_default(target)
    written = [
        rule(
            *(name for name in each.names if name != without),
            action=each.action,
            **({} if each.errno is None else {"errnoRet": each.errno}),
            args=[argument(at.number, at.op[9:], at.value, at.value_two) for at in each.arguments],
        )
        for each in profile.rules
        if each.names != (without,)
    ]
    more = {} if profile.default_errno is None else {"defaultErrnoRet": profile.default_errno}
    return text(*written, *also, default=profile.default_action, **more)


@pytest.mark.parametrize("runtime", RUNTIMES, ids=str)
def test_the_default_is_equal_to_itself(runtime: Runtime) -> None:
    random = Random(str(runtime))  # noqa: S311 - repeatable, not secret
    for architecture in ("SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64", "SCMP_ARCH_S390X", "SCMP_ARCH_PPC64LE"):
        deciding = sorted(deciding_capabilities(Target(runtime)))
        capabilities = frozenset(random.sample(deciding, random.randrange(len(deciding))))
        target = Target(runtime, architecture, capabilities=capabilities)

        assert judge(runtime_default(target), target) == Judgment(ProfileClass.EQUAL)


@pytest.mark.parametrize("document", [b"{}", b'{"architectures": ["SCMP_ARCH_X86"]}'])
def test_no_default_action_and_no_rules_is_no_profile_at_all(document: bytes) -> None:
    assert class_of(document, HERE) == ("none", "")


@pytest.mark.parametrize(
    "document",
    [
        text(),
        text(default="SCMP_ACT_LOG"),
        text(rule("mount", action="SCMP_ACT_LOG")),
        text(rule("mount", action="SCMP_ACT_ERRNO", args=[argument(0, "LT", 0)])),
        b'{"defaultAction": "SCMP_ACT_ALLOW"}',
    ],
)
def test_what_lets_every_call_through_restricts_nothing(document: bytes) -> None:
    assert class_of(document, HERE) == ("none", "")


def test_one_call_refused_is_weaker_than_the_default() -> None:
    assert class_of(text(rule("mount", action="SCMP_ACT_ERRNO")), HERE) == ("weaker", "")


@pytest.mark.parametrize("default", ["SCMP_ACT_ALLOW", "SCMP_ACT_LOG"])
@pytest.mark.parametrize("runtime", RUNTIMES, ids=str)
def test_no_call_refused_makes_up_for_a_default_action_that_lets_calls_through(
    runtime: Runtime, default: str
) -> None:
    document, target = text(rule("getpid", action="SCMP_ACT_ERRNO"), default=default), Target(runtime)

    assert class_of(document, target) == ("weaker", "")
    assert judged(document, target).closes == ("getpid",)


def test_a_call_taken_out_of_the_default_is_stricter() -> None:
    judgment = judged(of_the_default(without="chmod"))

    assert judgment == Judgment(ProfileClass.STRICTER, closes=("chmod",))


def test_an_architecture_left_out_is_stricter_and_told_once() -> None:
    profile = runtime_default(HERE)._replace(architectures=X86[:1])

    judgment = judge(profile, HERE)

    assert judgment == Judgment(ProfileClass.STRICTER, leaves_out=("SCMP_ARCH_X86", "SCMP_ARCH_X32"))


def test_an_architecture_left_out_makes_up_for_no_opening() -> None:
    document = of_the_default(also=(rule("mount"),)).replace(b', "SCMP_ARCH_X86", "SCMP_ARCH_X32"', b"")

    judgment = judged(document)

    assert judgment.profile_class is ProfileClass.WEAKER
    assert len(judgment.leaves_out) == 2


def test_one_call_more_and_another_less_cannot_be_compared() -> None:
    judgment = judged(of_the_default(without="chmod", also=(rule("mount"),)))

    assert judgment.profile_class is ProfileClass.INCOMPARABLE
    assert [each.name for each in judgment.opens] == ["mount"]
    assert judgment.closes == ("chmod",)


def test_an_opening_tells_line_reason_and_capability() -> None:
    document = of_the_default(also=(rule("bpf"),))

    found = opening(judged(document), "bpf")

    assert found.line == len(document.splitlines()) - 1
    assert found.architectures[0] == HERE.architecture
    assert found.is_whole
    assert [danger.group for danger in found.dangers] == ["BPF and tracing"]
    assert found.capabilities == ("CAP_BPF", "CAP_SYS_ADMIN")
    assert found.asked_by_the_kernel == ("CAP_SYS_ADMIN", "CAP_BPF")
    assert found.is_refused_anyway


def test_the_kernel_does_not_refuse_what_it_asks_no_capability_for() -> None:
    found = opening(judged(of_the_default(also=(rule("unshare"),))), "unshare")

    assert not found.is_refused_anyway
    assert found.capabilities == ("CAP_SYS_ADMIN",)


def test_a_call_that_no_capability_opens_has_none() -> None:
    assert opening(judged(of_the_default(also=(rule("keyctl"),))), "keyctl").capabilities == ()


def test_what_the_container_may_do_is_no_opening() -> None:
    rich = HERE._replace(capabilities=HERE.capabilities | {"CAP_BPF"})

    assert judged(of_the_default(target=rich, also=(rule("bpf"),)), rich).profile_class is ProfileClass.EQUAL


def test_the_default_action_opens_what_no_rule_names() -> None:
    found = opening(judged(text(rule("mount", action="SCMP_ACT_ERRNO"))), "setns")

    assert found.line is None
    assert found.why == "the default action"


def test_the_calls_of_kernels_to_come_are_opened_under_no_name() -> None:
    assert judged(text(rule("mount", action="SCMP_ACT_ERRNO"))).opens[-1].name == ""


def test_an_always_true_condition_opens_the_whole_call() -> None:
    document = of_the_default(also=(rule("unshare", args=[argument(0, "GE", 0)]),))

    assert opening(judged(document), "unshare").is_whole


def test_the_dangerous_value_is_the_example() -> None:
    document = of_the_default(without="socket", also=(rule("socket"),))

    found = opening(judged(document), "socket")

    assert [danger.argument for danger in found.dangers] == ["AF_ALG", "AF_VSOCK"]
    assert found.example.arguments[0] == 38
    assert not found.is_trap
    assert not found.is_whole


def test_a_comparison_that_high_bits_pass_is_marked() -> None:
    known = [rule("socket", args=[argument(0, "LT", 38)]), rule("socket", args=[argument(0, "EQ", 39)])]
    document = of_the_default(without="socket", also=(*known, rule("socket", args=[argument(0, "GT", 46)])))

    found = [each for each in judged(document).opens if each.name == "socket"]
    dangerous = [each for each in found if each.dangers]

    # To the kernel the upper half is nothing: what it sees is the family that was to be refused.
    assert {each.example.arguments[0] for each in dangerous} == {(1 << 32) + 38}
    assert all(each.is_trap for each in dangerous)


def test_a_namespace_by_clone_is_named_by_its_flag() -> None:
    flag = argument(0, "MASKED_EQ", 0x1000_0000, 0x1000_0000)
    document = of_the_default(also=(rule("clone", args=[flag]),))

    found = opening(judged(document), "clone")

    assert "CLONE_NEWUSER" in {danger.argument for danger in found.dangers}
    assert found.example.arguments[0] & 0x1000_0000


def test_another_errno_leaves_the_class_as_it_is() -> None:
    refused = rule("mount", action="SCMP_ACT_ERRNO", errnoRet=38)

    assert judged(of_the_default(also=(refused,))) == Judgment(ProfileClass.EQUAL, answers=("mount",))


def test_a_call_that_the_architecture_lacks_can_close_the_others() -> None:
    before = judged(text(rule("setns", args=[argument(1, "EQ", 1)]), default="SCMP_ACT_ERRNO"))
    after = judged(text(rule("setns", args=[argument(1, "EQ", 1)]), rule("stime"), default="SCMP_ACT_ERRNO"))

    # With so few calls libseccomp never loads the number that it compares, where stime has none.
    assert opening(before, "setns").architectures == X86
    assert opening(after, "setns").architectures == ("SCMP_ARCH_X86",)


@pytest.mark.parametrize("name", ["docker-28", "docker-29"])
def test_docker_s_default_is_much_weaker_as_containerd_reads_it(name: str) -> None:
    document = docker_text(name)

    judgment = judged(document, Target(CONTAINERD_RUNC))
    dangerous = {each.name: each for each in judgment.dangers}

    assert dangerous.keys() >= DROPPED
    assert opening(judgment, "mount").capabilities == ("CAP_SYS_ADMIN",)
    for each in dangerous.values():
        assert each.line is not None
        assert each.name.encode() in document.splitlines()[each.line - 1]
    assert judgment.leaves_out == ("SCMP_ARCH_X86", "SCMP_ARCH_X32")


@pytest.mark.parametrize("name", ["docker-28", "docker-29"])
def test_docker_s_default_is_what_docker_has(name: str) -> None:
    version = (int(name.removeprefix("docker-")),)
    target = Target(DOCKER_RUNC._replace(reader_version=version))

    assert judged(docker_text(name), target) == Judgment(ProfileClass.EQUAL)


def test_docker_s_default_keeps_its_conditions_under_cri_o() -> None:
    opened = {each.name for each in judged(docker_text("docker-29"), Target(CRIO_RUNC)).opens}

    assert not opened & DROPPED


def test_cri_o_s_default_opens_mounts_as_containerd_reads_it() -> None:
    opened = {each.name for each in judged(docker_text("cri-o-1.34"), Target(CONTAINERD_RUNC)).opens}

    assert opened >= {"mount", "setns", "keyctl"}


def test_what_cannot_be_read_is_unjudged_and_says_why() -> None:
    profile_class, error = class_of(b'{"defaultAction": 1}', HERE)

    assert profile_class == UNJUDGED
    assert "line 1" in error


def test_what_does_not_start_is_unjudged_in_the_runtime_s_words() -> None:
    document = text(rule("mount", action="SCMP_ACT_NO"))

    assert class_of(document, HERE)[0] == UNJUDGED
    assert "SCMP_ACT_NO is not a valid action for seccomp" in class_of(document, HERE)[1]
    with pytest.raises(NotStarted):
        judged(document)


def test_rules_with_which_the_runtime_hangs_are_wrong_with_a_file() -> None:
    below = argument(1, "LT", 1 << 32)
    several = [
        rule("socket", args=[argument(2, "LE", (1 << 64) - 1), below]),
        rule("socket", args=[argument(2, "NE", (1 << 64) - 2), below]),
    ]
    profile_class, error = class_of(text(*several, default="SCMP_ACT_ERRNO"), HERE)

    assert profile_class == UNJUDGED
    assert "the runtime hangs" in error


def test_more_than_can_be_looked_through_is_nothing_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_: object) -> NoReturn:
        raise Unjudged("too many rules")

    monkeypatch.setattr("webhook.seccomp.judge.load", too_much)

    assert class_of(text(), HERE) == (UNJUDGED, "")


def test_an_architecture_without_a_known_default_is_unjudged() -> None:
    mips = Target(architecture="SCMP_ARCH_MIPS64")
    profile_class, error = class_of(text(architectures=[]), mips)

    assert (profile_class, error) == (UNJUDGED, ""), "there is nothing wrong with the file"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"syscalls": [{}]}',
        b'{"defaultAction":"x"}',
        b'{"defaultAction":"SCMP_ACT_ERRNO","defaultErrno":"EPERM","defaultErrnoRet":2}',
    ],
)
@pytest.mark.parametrize("runtime", RUNTIMES, ids=str)
def test_no_document_is_too_bad_for_a_class(document: bytes, runtime: Runtime) -> None:
    profile_class, error = class_of(document, Target(runtime))

    assert profile_class in {*ProfileClass, UNJUDGED}
    assert bool(error) == (profile_class == UNJUDGED), "and each of these is too bad to start with"
