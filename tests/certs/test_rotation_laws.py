"""Whatever fails, crashes or comes late: what is served is trusted, and a rotation comes to its end.

``CERTS_HISTORIES`` says in how many histories.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from itertools import cycle

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certs import authorities, authority, pem, records, rotation
from certs.configurations import Configuration
from certs.rotation import MOST
from tests.certs.simulation import CONFIGURATIONS, World

DAY = 86400.0
HISTORIES = settings(
    max_examples=int(os.environ.get("CERTS_HISTORIES", "300")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Few keys, each in use for much longer than any authority or leaf, and nothing read twice."""
    keys = cycle([ec.generate_private_key(ec.SECP256R1()) for _ in range(64)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(authority.ec, "generate_private_key", lambda _curve: next(keys))
        for module, name in (
            (pem, "certificates"), (pem, "key"), (pem, "written"), (pem, "written_key"),
            (rotation, "issuer_of"), (rotation, "beyond"), (authorities, "_age"),
            (authorities, "fingerprint"), (records, "fingerprint"), (rotation, "fingerprint"),
        ):  # fmt: skip
            patch.setattr(module, name, lru_cache(maxsize=10_000)(getattr(module, name)))
        yield


offset = st.sampled_from([-120, -60, 0, 60, 120])
faults = st.dictionaries(
    st.integers(0, 30),
    st.sampled_from(["fail", "lost", "conflict", "crash", "crash-after", "other", "asleep"]),
    max_size=4,
).map(lambda at: tuple(at.get(call, "") for call in range(max(at, default=-1) + 1)))
place = st.sampled_from(CONFIGURATIONS)
rounds = st.tuples(
    st.just("round"), st.integers(0, 1), faults, st.sampled_from([(), (), (), ("leaf",), ("ca",)])
)
waits = st.tuples(st.just("wait"), st.sampled_from([1, 20, 61, 101, 185, 485, 3600, DAY, 3 * DAY, 9 * DAY]))
others = st.tuples(
    st.sampled_from(["wipe", "garble", "delete", "install", "restore", "forbid", "permit"]), place
)
histories = st.lists(st.one_of(rounds, rounds, waits, waits, others), min_size=5, max_size=40)


def play(world: World, history: list[tuple]) -> None:
    unhealthy = 0.0
    for event in history:
        match event:
            case "round", number, what, asked:
                if world.round(number, what, frozenset(asked)):
                    unhealthy = 0.0
            case "wait", seconds:
                # Who is broken for longer than a third of a leaf has an outage, and alerts before it.
                if unhealthy + seconds > 15 * DAY:
                    settle(world)
                    unhealthy = 0.0
                unhealthy += seconds
                world.advance(seconds)
            case what, configuration:
                somebody(world, what, configuration)
        assert len(world.kept.certificates) <= MOST


def somebody(world: World, what: str, configuration: Configuration) -> None:
    """What others do to webhook configurations."""
    held = world.bundles(configuration)
    match what:
        case "forbid":
            world.unreadable.add(configuration)
        case "permit":
            world.unreadable.discard(configuration)
        case "install":
            world.others_write(configuration, {"a": b"", "b": b""})
        case "delete" if held is not None:
            world.others_write(configuration, None)
        case "wipe" | "garble" if held is not None:
            world.others_write(configuration, {"a": b"" if what == "wipe" else b"no certificate"})
        case "restore" if held is not None:
            world.others_write(configuration, world.configurations[configuration][0].content)


def settle(world: World) -> None:
    """Time passes in which nothing fails."""
    world.unreadable.clear()
    for _ in range(5):
        world.round(0)
        world.advance(61)


@HISTORIES
@given(st.tuples(offset, offset, offset), histories)
def test_what_is_served_is_always_trusted(offsets: tuple[int, int, int], history: list[tuple]) -> None:
    world = World(offsets)
    world.others_write(CONFIGURATIONS[0], {"a": b"", "b": b""})
    assert world.round(0)
    play(world, history)


@settings(HISTORIES, max_examples=HISTORIES.max_examples // 5)
@given(st.tuples(offset, offset, offset), histories)
def test_when_faults_stop_every_rotation_ends_and_old_authorities_go(
    offsets: tuple[int, int, int], history: list[tuple]
) -> None:
    world = World(offsets)
    world.others_write(CONFIGURATIONS[0], {"a": b"", "b": b""})
    world.round(0)
    play(world, history)
    world.advance(400)
    world.round(0)
    world.advance(600)
    settle(world)
    assert world.kept.following is None
    assert all(
        set(bundles.values()) <= {world.kept.bundle}
        for each in CONFIGURATIONS
        if (bundles := world.bundles(each)) is not None
    )

    before = world.kept.signer
    assert before
    if len(world.kept.certificates) < MOST:
        world.round(0, asked=frozenset({"ca"}))
        settle(world)
        signer = world.kept.signer
        assert signer
        assert signer.certificate != before.certificate
        pem.certificate(world.serving.files["tls.crt"]).verify_directly_issued_by(signer.certificate)
    for _ in range(7):
        world.advance(10 * DAY)
        world.round(0)
    assert world.kept.signer
    assert before.certificate not in world.kept.certificates or world.kept.signer == before
    assert len(world.kept.certificates) <= 2
    assert world.periods.leaf == timedelta(days=60)
