"""The time that a caller leaves: what is asked of the cluster ends before it, with time for an answer."""

import pytest

from tests.admission.cases import World, body_of, request_of
from webhook.admission import mutate, review
from webhook.config import DEFAULTS
from webhook.mutation import Switches
from webhook.mutation.defaults import automount_service_account_token as automount

EVERY = DEFAULTS._replace(mutation=Switches.of([*DEFAULTS.mutation.on, automount.ID]))


@pytest.mark.parametrize("resource", ["pods", "deployments"])
def test_a_lookup_for_a_verdict_leaves_time_to_answer(resource: str) -> None:
    world = World()
    for deadline in (None, 10.0):
        body = body_of(request_of({"resource": resource}))
        review(body, settings=DEFAULTS, cluster=world, clock=lambda: 0.0, deadline=deadline)

    assert world.lookup_deadlines == [None, pytest.approx(9.95)]


@pytest.mark.parametrize("resource", ["pods", "serviceaccounts"])
def test_a_lookup_for_a_patch_leaves_time_to_answer(resource: str) -> None:
    world = World()
    for deadline in (None, 10.0):
        mutate(body_of(request_of({"resource": resource})), settings=EVERY, cluster=world, deadline=deadline)

    assert world.lookup_deadlines == [None, pytest.approx(9.95)]
