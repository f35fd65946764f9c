"""What is loaded is what libseccomp's own programs do, call by call.

``CONFORMANCE_PROFILES`` says with how many profiles, of 50 calls each (300).
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.exporter import LOST, Exporter, FilterText, build
from tests.conformance.programs import Unavailable
from tests.strategies.filters import calls, filters
from webhook.seccomp.architectures import X86_64
from webhook.seccomp.bpf import run
from webhook.seccomp.libseccomp import Filter, Refused
from webhook.seccomp.loaded import Loaded, Unjudged
from webhook.seccomp.target import Version
from webhook.seccomp.verdict import verdict

PROFILES = int(os.environ.get("CONFORMANCE_PROFILES", "300"))
CALLS = 50


@pytest.fixture(scope="module")
def libseccomp() -> Iterator[Exporter]:
    try:
        program = build()
    except Unavailable as missing:
        reason = f"libseccomp itself was not asked: {missing}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with closing(Exporter(program)) as exporter:
        yield exporter


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
