"""What is loaded is what libseccomp's own programs do, call by call.

``CONFORMANCE_PROFILES`` says with how many profiles, of 50 calls each (300).
"""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.exporter import LOST, Exporter, FilterRule, FilterText, Kernel, build
from tests.conformance.programs import Unavailable
from tests.strategies.filters import OUTCOMES, calls, conditions, filters
from webhook.seccomp.actions import ENOSYS, Action, Outcome
from webhook.seccomp.architectures import X86_64
from webhook.seccomp.bpf import run
from webhook.seccomp.libseccomp import Filter, Refused
from webhook.seccomp.loaded import Loaded, Unjudged
from webhook.seccomp.target import Version
from webhook.seccomp.verdict import verdict

PROFILES = int(os.environ.get("CONFORMANCE_PROFILES", "300"))
CALLS = 50
KERNEL_PROFILES, KERNEL_CALLS = 50, 10
ALLOWED = Outcome(Action.ALLOW)
GETPPID = 110
SIGSYS = 31
PARENT = 1  # whichever it is


@pytest.fixture(scope="module")
def libseccomp() -> Iterator[Exporter]:
    with closing(Exporter(program_of("export"))) as exporter:
        yield exporter


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    if sys.platform != "linux" or platform.machine() != "x86_64":
        pytest.skip("no kernel was asked: this one is not Linux on x86_64")
    with closing(Kernel(program_of("kernel"))) as running:
        yield running


def program_of(name: str) -> Path:
    try:
        return build(name)
    except Unavailable as missing:
        reason = f"libseccomp itself was not asked: {missing}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


def built(text: FilterText, version: Version) -> Loaded | str:
    """What is loaded of *text*, or the name of the error with which it is refused, or LOST."""
    try:
        filter_ = Filter(text.default, X86_64, version)
        filter_.is_sorted = text.is_sorted
        for name in text.architectures:
            filter_.add_architecture(name)
        for rule in text.rules:
            filter_.add_rule(rule.name, rule.outcome, rule.conditions, None)
        return Loaded(text.default, filter_.rules(), {}, instructions=filter_.instructions)
    except Refused as refused:
        return refused.error
    except Unjudged:
        return LOST


def test_every_call_gets_what_libseccomp_s_program_says(
    libseccomp: Exporter, announce: Callable[[str], None]
) -> None:
    seen = {"programs": 0, "refused": 0, "lost": 0, "calls": 0}
    start = time.monotonic()

    @settings(max_examples=PROFILES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(filters(), st.integers(0, 1 << 32))
    def compare(text: FilterText, seed: int) -> None:
        said, ours = libseccomp.answer(text), built(text, libseccomp.version)
        if isinstance(said, str):
            seen["lost" if said == LOST else "refused"] += 1
            assert ours == said
            return
        assert isinstance(ours, Loaded), ours
        seen["programs"] += 1
        for call in calls(text, seed, CALLS):
            seen["calls"] += 1
            assert verdict(ours, call).outcome == run(said, call), call

    compare()
    told = ", ".join(f"{count:,} {what}" for what, count in seen.items())
    version = ".".join(map(str, libseccomp.version))
    announce(f"libseccomp {version}: {told}, all alike; {time.monotonic() - start:.0f} s")
    assert seen["programs"]
    assert seen["calls"]


@st.composite
def filters_of_getppid(draw: st.DrawFn) -> FilterText:
    """A filter of a call that looks at none of its arguments, whatever they are."""
    outcomes = st.sampled_from([each for each in OUTCOMES if each != ALLOWED])
    several = st.lists(st.integers(0, 2), unique=True, max_size=2).flatmap(
        lambda numbers: st.tuples(*(conditions(number) for number in numbers))
    )
    rules = draw(
        st.lists(st.builds(FilterRule, st.just("getppid"), outcomes, several), min_size=1, max_size=4)
    )
    return FilterText(ALLOWED, draw(st.booleans()), (), tuple(rules))


def seen_from_within(outcome: Outcome) -> tuple[str, int]:
    """What the process that calls sees of *outcome*, where nobody traces it and nobody listens."""
    match outcome.action:
        case Action.KILL_PROCESS | Action.KILL_THREAD | Action.TRAP:
            return "signal", SIGSYS
        case Action.TRACE | Action.NOTIFY:
            return "errno", ENOSYS
        case Action.ERRNO if outcome.data:
            return "errno", outcome.data
        case Action.ERRNO:
            return "returned", 0
    return "returned", PARENT


def test_the_kernel_does_what_the_verdict_says(libseccomp: Exporter, kernel: Kernel) -> None:
    asked = 0

    @settings(max_examples=KERNEL_PROFILES, deadline=None, database=None)
    @given(filters_of_getppid(), st.integers(0, 1 << 32))
    def compare(text: FilterText, seed: int) -> None:
        nonlocal asked
        program, ours = libseccomp.answer(text), built(text, libseccomp.version)
        if isinstance(program, str) or isinstance(ours, str):
            assert program == ours
            return
        for call in calls(text, seed, KERNEL_CALLS):
            if call.architecture != X86_64 or call.number != GETPPID:
                continue
            asked += 1
            kind, number = kernel.answer(program, call)
            expected = seen_from_within(verdict(ours, call).outcome)
            assert (kind, min(number, PARENT) if kind == "returned" else number) == expected, call

    compare()
    assert asked
