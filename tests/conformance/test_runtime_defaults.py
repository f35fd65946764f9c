"""The default profiles that we hold are those of the runtimes' own code, for any container."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from random import Random

import pytest

from tests.conformance.programs import Conversation, Unavailable, are_required
from tests.seccomp.docker_texts import docker_text
from tools.runtime_defaults.conditions import ARCHITECTURES, rules_of
from tools.runtime_defaults.program import folder_of, program
from tools.runtime_defaults.sources import SOURCES, Source
from tools.runtime_defaults.texts import CAPABILITIES, KERNELS, PLACE, question, text
from webhook.seccomp.defaults import runtime_default
from webhook.seccomp.dialects import DIALECT_OF, read
from webhook.seccomp.judge import Judgment, judge
from webhook.seccomp.profile import Rule
from webhook.seccomp.target import RUNTIMES, Loader, Reader, Runtime, Target

CONTAINERS = 200


@pytest.fixture(scope="module")
def runtimes() -> Iterator[Conversation]:
    try:
        built = program()
    except Unavailable as missing:
        reason = f"the runtimes' own code was not asked: {missing}"
        if are_required():
            pytest.fail(reason)
        pytest.skip(reason)
    with closing(Conversation(built)) as conversation:
        yield conversation


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_data_is_what_the_runtime_says_today(source: Source, runtimes: Conversation) -> None:
    held = (PLACE / f"{source.name}.json").read_text()

    assert held == text(source, runtimes), "python -m tools.runtime_defaults writes it anew"


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_any_container_gets_the_profile_that_the_runtime_makes(
    source: Source, runtimes: Conversation
) -> None:
    random = Random(source.name)  # noqa: S311 - repeatable, not secret
    containers = [
        (
            random.sample(CAPABILITIES, random.choice((0, 1, 2, 3, 14, len(CAPABILITIES)))),
            random.choice(list(ARCHITECTURES)),
            random.choice(KERNELS),
        )
        for _ in range(CONTAINERS)
    ]
    answers = runtimes.ask([question(source, *each) for each in containers])

    for (capabilities, architecture, kernel), theirs in zip(containers, answers, strict=True):
        runtime = Runtime(source.reader, Loader.RUNC, source.since, (1, 3, 6))
        target = Target(runtime, ARCHITECTURES[architecture], kernel, capabilities=frozenset(capabilities))
        ours = runtime_default(target)

        assert (ours.default_action, ours.default_errno) == (
            theirs["defaultAction"],
            theirs.get("defaultErrnoRet"),
        )
        assert ours.architectures == tuple(theirs.get("architectures") or ())
        # containerd goes through the capabilities in the order of the container's list. Which of its rules
        # comes first does not matter: those that depend on capabilities only allow, without conditions.
        assert Counter(map(comparable, ours.rules)) == Counter(rule[:4] for rule in rules_of(theirs))


@pytest.mark.parametrize("runtime", RUNTIMES, ids=str)
@pytest.mark.parametrize("name", ["docker-28", "docker-29", "cri-o-1.34"])
def test_the_published_files_are_judged_as_their_data(name: str, runtime: Runtime) -> None:
    source = next(each for each in SOURCES if each.name == name)
    part, file = (source.also[0], "seccomp.json") if source.also else (source.part, "default.json")
    try:
        published = (folder_of(part) / file).read_bytes()
    except Unavailable as missing:
        pytest.skip(f"the published file was not read: {missing}")
    target = Target(runtime)

    theirs = judged(published, target)

    if source.also:
        # Of these CRI-O takes clone, clone3 and unshare back before it uses them.
        assert {each.name for each in theirs.dangers} >= {"clone", "clone3", "unshare"}
    else:
        assert without_lines(theirs) == without_lines(judged(docker_text(name), target))
    if runtime.reader is Reader.CONTAINERD:
        assert {each.name for each in theirs.dangers} >= {"bpf", "mount", "setns", "init_module", "clone3"}
        assert theirs.leaves_out == ("SCMP_ARCH_X86", "SCMP_ARCH_X32")
    elif source.reader is runtime.reader is Reader.DOCKER:
        assert not theirs.dangers


def judged(document: bytes, target: Target) -> Judgment:
    return judge(read(document, DIALECT_OF[target.runtime.reader]), target)


def without_lines(judgment: Judgment) -> Judgment:
    opens = (each._replace(line=None) for each in judgment.opens)
    return judgment._replace(opens=tuple(opens))


def comparable(rule: Rule) -> tuple[object, ...]:
    arguments = tuple((each.number, each.value, each.value_two, each.op) for each in rule.arguments)
    return rule.names, rule.action, rule.errno, arguments
