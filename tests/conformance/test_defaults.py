"""What we fill in is what the API server's own code fills in, as far as the controls can see it."""

from collections.abc import Iterator
from contextlib import closing
from random import Random

import pytest

from tests.conformance.conftest import Build
from tests.conformance.defaults_cases import Manifest, held, manifest, seen
from tests.conformance.defaults_records import records
from tests.conformance.programs import HERE, Conversation, are_required, place_of
from tests.strategies.pods import pod
from webhook.manifests.defaults import with_defaults
from webhook.policy.engine import evaluate
from webhook.policy.message import forbidden_detail
from webhook.policy.pod import Pod
from webhook.policy.standard import LATEST, Level, Standard, Version
from webhook.policy.workload import KINDS, pod_of

MANIFESTS = 2000
STANDARDS = [Standard(level, version) for level in Level for version in (LATEST, Version(18))]


@pytest.fixture(scope="module")
def server(go_program: Build) -> Iterator[Conversation]:
    if not are_required() and not place_of(HERE / "defaults").exists():
        pytest.skip("the API server's code is built for some minutes: set GO_PROGRAMS=require for it")
    with closing(Conversation(go_program("defaults"))) as conversation:
        yield conversation


def test_what_is_left_open_is_filled_in_alike(server: Conversation) -> None:
    random = Random("open")  # noqa: S311 - repeatable, not secret
    manifests = [manifest(random) for _ in range(MANIFESTS)]

    filled = agree(manifests, server.ask(manifests))

    assert set(filled) == {
        ("Pod", "emptyDir"),
        ("Pod", "hostPort"),
        ("Pod", "appArmorProfile"),
        *((kind, "emptyDir") for _, kind in KINDS),
    }


def test_nothing_else_that_a_control_reads_is_changed(server: Conversation) -> None:
    random = Random("all")  # noqa: S311 - repeatable, not secret
    manifests = [held(*random.choice(list(KINDS)), pod(random)) for _ in range(MANIFESTS)]

    agree(manifests, server.ask(manifests))


def test_the_records_are_what_the_api_server_says(server: Conversation) -> None:
    manifests, expected = zip(*records(), strict=True)

    for written, completed, recorded in zip(manifests, server.ask(manifests), expected, strict=True):
        theirs = seen(pod_of(written["apiVersion"], written["kind"], completed))

        assert theirs == recorded, "python -m tests.conformance.defaults_records asks anew"


def agree(manifests: list[Manifest], answers: list[Manifest]) -> set[tuple[str, object]]:
    """Compare what we fill in with the answers; the fields that were filled in, by kind."""
    fields = set()
    for written, theirs in zip(manifests, answers, strict=True):
        key = written["apiVersion"], written["kind"]
        ours = with_defaults(written, *key)
        fields.update((written["kind"], path[-1]) for path in ours.filled)
        pods = pod_of(*key, ours.manifest), pod_of(*key, theirs)

        assert seen(pods[0]) == seen(pods[1]), written
        assert said(pods[0]) == said(pods[1]), written
    return fields


def said(pod: Pod | None) -> list[str]:
    """What the standards say of a pod."""
    return [] if pod is None else [forbidden_detail(evaluate(pod, standard)) for standard in STANDARDS]
