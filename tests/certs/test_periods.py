from datetime import timedelta

import pytest

from certs.periods import BadPeriods, Periods

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def test_what_is_not_said_otherwise_is_safe() -> None:
    assert Periods().checked() == Periods(365 * DAY, 60 * DAY, 3 * MINUTE)


@pytest.mark.parametrize(
    ("periods", "problem"),
    [
        (Periods(soak=MINUTE), "the soak must be at least 2 minutes"),
        (Periods(leaf=6 * DAY), "a leaf must live at least 7 days"),
        (Periods(leaf=92 * DAY), "at least 4 times as long as a leaf"),
        (Periods(leaf=7 * DAY, soak=2 * DAY), "at least 4 times as long as the soak"),
    ],
)
def test_what_is_not_safe_is_refused_by_its_bound(periods: Periods, problem: str) -> None:
    with pytest.raises(BadPeriods, match=problem):
        periods.checked()


def test_a_trial_may_be_short_and_must_be_in_proportion() -> None:
    hour = timedelta(hours=1)

    assert Periods(4 * hour, hour, timedelta(seconds=5)).checked(short=True)
    with pytest.raises(BadPeriods):
        Periods(3 * hour, hour, timedelta(seconds=5)).checked(short=True)
