from threading import Event, Thread
from typing import Any

import pytest

from certs.controller import Controller
from certs.rotate import Outcome


class Rounds:
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.turned = 0

    def round(self) -> Outcome:
        self.turned += 1
        return self.outcome


class Leading:
    leads = True


def controller(outcome: Outcome, chance: float = 0.5) -> tuple[Controller, Any]:
    rounds: Any = Rounds(outcome)
    made = Controller(
        rounds=rounds, leader=Leading(), interval=60.0, chance=lambda: chance, saw=lambda _: None
    )
    return made, rounds


@pytest.mark.parametrize(
    ("outcome", "chance", "pause"),
    [
        (Outcome(None, ()), 0.5, 60.0),
        (Outcome(None, ()), 0.0, 48.0),
        (Outcome(None, ("a problem",)), 0.5, 5.0),
        (Outcome(None, (), again=7.0), 0.5, 7.0),
        (Outcome(None, (), again=700.0), 0.5, 60.0),
        (Outcome(None, (), again=0.0), 0.5, 0.2),
    ],
)
def test_the_next_round_is_when_something_is_due(outcome: Outcome, chance: float, pause: float) -> None:
    made, _ = controller(outcome, chance)

    assert made.turn() == pytest.approx(pause)


def test_who_does_not_lead_does_nothing() -> None:
    made, rounds = controller(Outcome(None, ()))
    made.leader = type("Standing by", (), {"leads": False})()

    assert made.turn() == 60.0
    assert rounds.turned == 0


def test_a_round_that_fails_in_a_way_nobody_thought_of_is_told_and_tried_again() -> None:
    made, rounds = controller(Outcome(None, ()))
    seen: list[Outcome | None] = []
    made.saw = seen.append
    rounds.round = lambda: {}["webhooks"]

    assert made.turn() == 5.0
    (outcome,) = seen
    assert outcome is not None
    assert "KeyError: 'webhooks'" in outcome.problems[0]


def test_whoever_wakes_it_gets_a_round_at_once_and_its_end_too() -> None:
    made, rounds = controller(Outcome(None, ()))
    stopped, seen = Event(), Event()

    def saw(_: Outcome | None) -> None:
        if rounds.turned == 2:
            seen.set()

    made.saw = saw
    running = Thread(target=made.run, args=(stopped,))
    running.start()
    made.wake()
    assert seen.wait(30)
    stopped.set()
    made.wake()
    running.join(30)
    assert not running.is_alive()
