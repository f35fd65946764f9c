"""Rounds over stores and configurations: what went wrong elsewhere, and what becomes of it here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from certs import authority, pem, records, serving
from certs.names import Names
from certs.places import Failure
from certs.rotate import Times
from certs.rotation import MOST
from certs.sourced import SOURCED
from tests.certs.simulation import CONFIGURATIONS, NAME, START, World

DAY = 86400
FIRST, SECOND, _ = CONFIGURATIONS


@pytest.fixture
def world() -> World:
    made = World((0, 0, 0))
    made.others_write(FIRST, {"a": b"", "b": b""})
    assert made.round(0)
    return made


def problems(world: World, *asked: str) -> str:
    return "\n".join(world.controllers[0].round(frozenset(asked)).problems)


def settle(world: World) -> None:
    for _ in range(4):
        world.advance(100)
        world.round(0)


def pass_by(world: World, days: int) -> None:
    for _ in range(days):
        world.advance(DAY)
        world.round(0)


def leaf(world: World) -> bytes:
    return world.serving.files["tls.crt"]


def test_the_first_round_makes_publishes_and_serves(world: World) -> None:
    assert world.bundles(FIRST) == dict.fromkeys("ab", world.kept.bundle)
    assert world.serving.files["ca.crt"] == world.kept.bundle
    assert world.kept.signer
    assert world.kept.following is None


def test_the_keys_of_authorities_are_not_where_serving_pods_look(world: World) -> None:
    world.round(0, asked=frozenset({"ca"}))

    assert set(world.serving.files) == {"tls.crt", "tls.key", "ca.crt"}
    assert world.kept.signer
    for key in (world.kept.signer.key, world.kept.following and world.kept.following.key):
        assert key
        assert pem.written_key(key) not in world.serving.files.values()


def test_nothing_is_written_where_nothing_is_due(world: World) -> None:
    before = len(world.authorities.versions), len(world.serving.versions), len(world.configurations[FIRST])
    for _ in range(3):
        world.advance(60)
        assert world.round(0)

    assert before == (
        len(world.authorities.versions), len(world.serving.versions), len(world.configurations[FIRST])
    )  # fmt: skip


def test_a_leaf_of_the_next_authority_waits_until_it_is_trusted_everywhere_for_the_soak(world: World) -> None:
    world.others_write(SECOND, {"c": b""})
    world.unreadable.add(SECOND)
    before = leaf(world)
    world.round(0, asked=frozenset({"ca"}))
    for _ in range(20):
        world.advance(600)
        world.round(0)
    assert leaf(world) == before

    world.unreadable.clear()
    world.round(0)
    world.advance(170)
    world.round(0)
    assert leaf(world) == before
    world.advance(10)
    world.round(0)
    assert leaf(world) != before


def test_the_soak_begins_anew_where_a_bundle_was_lost_even_if_it_is_put_right_in_the_same_round(
    world: World,
) -> None:
    before = leaf(world)
    world.round(0, asked=frozenset({"ca"}))
    world.advance(170)
    world.others_write(FIRST, {"a": b""})
    world.round(0)
    assert world.bundles(FIRST) == {"a": world.kept.bundle}
    world.advance(20)
    world.round(0)
    assert leaf(world) == before
    world.advance(170)
    world.round(0)
    assert leaf(world) != before


def test_nobody_needs_to_stay_for_the_whole_soak(world: World) -> None:
    """A process for each round goes by the time that was noted, and adds what clocks may differ."""
    before = leaf(world)
    world.round(0, asked=frozenset({"ca"}))
    for _ in range(9):
        world.advance(60)
        world.controllers[0] = world.controller(0)
        world.round(0)

    assert leaf(world) != before


def test_the_end_of_a_leaf_is_written_down_before_the_leaf(world: World) -> None:
    world.advance(DAY)
    # Three configurations and two stores are read; then comes the first write.
    assert not world.round(0, (*[""] * 5, "crash-after"), frozenset({"leaf"}))
    signer = world.kept.signer
    assert signer
    end = pem.certificate(leaf(world)).not_valid_after_utc

    assert world.kept.last_leaf_of(signer.certificate) > end


def test_an_old_authority_stays_until_its_last_leaf_has_ended(world: World) -> None:
    old = world.kept.signer
    assert old
    world.round(0, asked=frozenset({"ca"}))
    settle(world)
    for _ in range(11):
        world.advance(5 * DAY)
        world.round(0)
    assert old.certificate in world.kept.certificates

    world.advance(6 * DAY)
    world.round(0)
    assert old.certificate not in world.kept.certificates
    assert world.bundles(FIRST) == dict.fromkeys("ab", world.kept.bundle)


def test_more_authorities_than_four_are_not_made_however_often_they_are_asked_for(world: World) -> None:
    for _ in range(8):
        world.round(0, asked=frozenset({"ca"}))
        settle(world)

    assert len(world.kept.certificates) == MOST


def test_other_names_wait_for_an_authority_that_may_vouch_for_them(world: World) -> None:
    before = leaf(world)
    world.names = Names.parse([NAME, "hook.elsewhere.svc"])
    world.controllers[0] = world.controller(0)
    world.round(0)
    assert leaf(world) == before
    world.advance(181)
    world.round(0)

    assert authority.names_in(pem.certificate(leaf(world))) == world.names


def test_after_a_year_of_rounds_everything_was_renewed_and_nothing_was_ever_refused(world: World) -> None:
    leaves, signers = set(), set()
    for _ in range(500):
        world.advance(DAY)
        world.round(0)
        world.advance(200)
        world.round(0)
        leaves.add(leaf(world))
        assert world.kept.signer
        signers.add(world.kept.signer.certificate)
        assert len(world.kept.certificates) <= 2

    assert 12 <= len(leaves) <= 18
    assert len(signers) == 3


def test_after_a_long_absence_there_is_nothing_to_wait_for(world: World) -> None:
    world.is_checked = False
    world.now += 400 * DAY
    world.round(0)

    world.is_checked = True
    world.advance(101)


def test_a_clock_that_is_wrong_makes_nothing_and_still_puts_bundles_back(world: World) -> None:
    doubted = world.controllers[0]
    doubted.times = Times(doubted.times.now, doubted.times.monotonic, lambda: "the clock here is wrong")
    world.advance(50 * DAY)
    world.others_write(FIRST, {"a": b""})
    before = leaf(world)

    assert problems(world) == "the clock here is wrong"
    assert leaf(world) == before
    assert world.bundles(FIRST) == {"a": world.kept.bundle}


def test_in_a_quarrel_bundles_are_put_back_ever_later_and_the_other_side_is_named(world: World) -> None:
    put = 0
    for _ in range(120):
        world.others_write(FIRST, {"a": b"theirs"})
        said = problems(world)
        put += world.configurations[FIRST][-1].is_ours
        world.advance(1)

    assert 3 <= put <= 8
    assert "somebody (Update) keeps writing over caBundle; only one may write it" in said


def test_a_certificate_of_somebody_else_is_never_replaced(world: World) -> None:
    theirs = authority.create(Names.parse([NAME]), now=START, lifetime=timedelta(days=90))
    other = authority.issue(theirs, world.names, now=START, lifetime=timedelta(days=30))
    world.is_checked = False
    world.serving.save(serving.files_of(other, b""), str(len(world.serving.versions)))

    assert "was not made here and will not be replaced" in problems(world)
    assert leaf(world) == other.certificate.public_bytes(Encoding.PEM)


@pytest.mark.parametrize("lost", ["tls.crt", "tls.key"])
def test_half_of_a_serving_pair_is_made_anew(world: World, lost: str) -> None:
    # A server keeps the last good pair meanwhile.
    world.is_checked = False
    files = {**world.serving.files, lost: world.serving.files[lost][:50]}
    world.serving.save(files, str(len(world.serving.versions)))
    assert world.round(0)

    assert serving.serving_in(world.serving.files).problem == ""


def test_what_is_refused_is_left_alone_and_the_last_good_bundle_is_put_back(world: World) -> None:
    good = world.kept.bundle
    files = world.authorities.files
    del files["ca.key"]
    world.authorities.save(files, str(len(world.authorities.versions)))
    world.others_write(FIRST, {"a": b""})

    assert "there is ca.crt and no ca.key" in problems(world)
    assert world.bundles(FIRST) == {"a": good}
    assert world.authorities.files == files


def test_a_process_that_never_read_anything_good_puts_back_what_is_beside_the_leaf(world: World) -> None:
    good = world.kept.bundle
    world.authorities.save({"ca.crt": b""}, str(len(world.authorities.versions)))
    world.others_write(FIRST, {"a": b""})
    world.controllers[0] = world.controller(0)
    assert not world.round(0)

    assert world.bundles(FIRST) == {"a": good}


def test_authorities_that_are_lost_are_followed_without_an_outage(world: World) -> None:
    before = world.kept.signer
    assert before
    world.authorities.save({}, str(len(world.authorities.versions)))
    world.round(0)
    assert before.certificate in world.kept.certificates
    assert world.kept.signer is None
    settle(world)

    assert world.kept.signer
    pem.certificate(leaf(world)).verify_directly_issued_by(world.kept.signer.certificate)


def test_authorities_from_a_backup_are_trusted_before_they_sign(world: World) -> None:
    backup = world.authorities.files
    world.round(0, asked=frozenset({"ca"}))
    settle(world)
    newer = world.kept.signer
    assert newer
    pass_by(world, 66)
    world.authorities.save(backup, str(len(world.authorities.versions)))
    settle(world)

    assert newer.certificate in world.kept.certificates
    assert world.kept.signer


def test_who_served_before_is_trusted_until_its_leaves_are_gone() -> None:
    world = World((0, 0, 0))
    theirs = authority.create(world.names, now=START, lifetime=timedelta(days=300))
    world.others_write(FIRST, {"a": pem.written((theirs.certificate,))})
    world.round(0)
    assert theirs.certificate in world.kept.certificates

    pass_by(world, 61)
    assert theirs.certificate not in world.kept.certificates


@pytest.fixture
def sourced() -> tuple[World, Callable[..., None]]:
    """A world where somebody else makes the certificates."""
    world = World((0, 0, 0))
    world.others_write(FIRST, {"a": b""})
    world.controllers[0] = replace(world.controllers[0], mode=SOURCED, _paces={})

    def makes(*trusted: authority.Authority, days: int = 30) -> None:
        made = authority.issue(trusted[0], world.names, now=world.clock(0), lifetime=timedelta(days=days))
        bundle = pem.written(each.certificate for each in trusted)
        world.serving.save(serving.files_of(made, bundle), str(len(world.serving.versions)))

    return world, makes


def test_what_somebody_else_makes_is_published_with_what_was_before(
    sourced: tuple[World, Callable[..., None]],
) -> None:
    world, makes = sourced
    one, two = (authority.create(world.names, now=START, lifetime=timedelta(days=900)) for _ in range(2))
    world.is_checked = False
    makes(one)
    world.round(0)
    assert world.bundles(FIRST) == {"a": pem.written((one.certificate,))}
    makes(two)
    world.round(0)
    trusted = pem.certificates(world.kept.bundle)
    assert set(trusted) == {one.certificate, two.certificate}
    assert world.bundles(FIRST) == {"a": world.kept.bundle}

    world.advance(31 * DAY)
    world.round(0)
    assert world.bundles(FIRST) == {"a": pem.written((two.certificate,))}
    assert "ca.key" not in world.authorities.files


def test_a_bundle_of_somebody_else_that_cannot_be_read_changes_nothing(
    sourced: tuple[World, Callable[..., None]],
) -> None:
    world, makes = sourced
    makes(authority.create(world.names, now=START, lifetime=timedelta(days=900)))
    world.round(0)
    before = world.bundles(FIRST)
    files = world.serving.files
    world.serving.save({**files, "ca.crt": files["ca.crt"][:99]}, str(len(world.serving.versions)))

    assert "ca.crt: there are no certificates in it, or half of one" in problems(world)
    assert world.bundles(FIRST) == before


def test_a_failure_of_one_place_does_not_keep_the_others_from_what_is_due(world: World) -> None:
    def fails(*_: object) -> None:
        raise Failure("missing permission: patch this")

    world.put = fails  # type: ignore[method-assign]  # what fails
    world.others_write(FIRST, {"a": b""})
    before = leaf(world)

    assert problems(world, "leaf") == "missing permission: patch this"
    assert leaf(world) != before


def test_looking_changes_nothing(world: World) -> None:
    world.others_write(FIRST, {"a": b""})
    outcome = world.controllers[0].look()

    assert outcome.seen
    assert world.bundles(FIRST) == {"a": b""}
    assert records.authorities_in(world.authorities.files, "").bundle == outcome.seen.authorities.bundle
