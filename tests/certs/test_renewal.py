from datetime import datetime, timedelta

import pytest

from certs import authority, renewal
from certs.authority import Authority, Leaf
from certs.names import Names
from certs.renewal import Kept

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ours(names: Names, now: datetime) -> Authority:
    return authority.create(names, now=now, lifetime=100 * DAY)


@pytest.fixture
def leaf(ours: Authority, names: Names, now: datetime) -> Leaf:
    return authority.issue(ours, names, now=now, lifetime=30 * DAY)


def test_nothing_is_due_at_first(ours: Authority, leaf: Leaf, names: Names, now: datetime) -> None:
    assert list(renewal.reasons(Kept(ours, leaf, names, now))) == []


def test_a_leaf_is_due_after_two_thirds_of_its_life(
    ours: Authority, leaf: Leaf, names: Names, now: datetime
) -> None:
    assert list(renewal.reasons(Kept(ours, leaf, names, now + 20 * DAY - 5 * MINUTE))) == []
    assert list(renewal.reasons(Kept(ours, leaf, names, now + 20 * DAY))) == [
        "the serving certificate ends at 2026-03-31"
    ]


def test_a_leaf_that_ends_with_its_authority_is_served_to_the_end(
    ours: Authority, names: Names, now: datetime
) -> None:
    last = authority.issue(ours, names, now=now + 90 * DAY, lifetime=30 * DAY)

    assert list(renewal.reasons(Kept(ours, last, names, now + 100 * DAY - MINUTE))) == []
    assert list(renewal.reasons(Kept(ours, last, names, now + 100 * DAY))) != []


def test_fewer_names_need_no_new_leaf_and_more_names_do(ours: Authority, leaf: Leaf, now: datetime) -> None:
    fewer, more = Names.parse(["10.1.2.3"]), Names.parse(["hook.security.svc", "a.hook.security.svc"])

    assert list(renewal.reasons(Kept(ours, leaf, fewer, now))) == []
    assert list(renewal.reasons(Kept(ours, leaf, more, now))) == [
        "the serving certificate lacked a.hook.security.svc"
    ]


def test_a_leaf_from_the_future_is_not_served(
    ours: Authority, leaf: Leaf, names: Names, now: datetime
) -> None:
    assert list(renewal.reasons(Kept(ours, leaf, names, now - DAY))) == [
        "the serving certificate was valid only from 2026-03-01"
    ]


def test_a_leaf_of_another_authority_or_with_another_key_is_replaced(
    ours: Authority, leaf: Leaf, names: Names, now: datetime
) -> None:
    other = authority.create(names, now=now, lifetime=100 * DAY)
    foreign = authority.issue(other, names, now=now, lifetime=30 * DAY)
    mixed = Leaf(leaf.certificate, foreign.key)

    assert list(renewal.reasons(Kept(ours, foreign, names, now))) == [
        "the serving certificate was not of this authority"
    ]
    assert list(renewal.reasons(Kept(ours, mixed, names, now))) == [
        "the serving certificate and its key did not belong together"
    ]


def test_no_leaf_is_a_reason_of_its_own(ours: Authority, names: Names, now: datetime) -> None:
    assert list(renewal.reasons(Kept(ours, None, names, now))) == ["there was no serving certificate"]
