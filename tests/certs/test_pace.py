from certs.pace import Pace


def test_what_is_taken_away_once_or_twice_is_put_back_at_once() -> None:
    pace = Pace()
    for now in (10.0, 11.0):
        assert pace.wait(now) == 0.0
        pace = pace.again(now)


def test_in_a_quarrel_the_pauses_grow_to_a_minute_and_stay_there() -> None:
    pace, now, pauses = Pace(), 1000.0, []
    for _ in range(12):
        pauses.append(pace.wait(now))
        now += pauses[-1]
        pace = pace.again(now)

    assert pauses[:8] == [0, 0, 2, 4, 8, 16, 32, 60]
    assert set(pauses[8:]) == {60}


def test_after_five_quiet_minutes_it_is_forgotten() -> None:
    pace = Pace()
    for _ in range(8):
        pace = pace.again(100.0)

    assert pace.wait(399.0) == 0.0
    assert pace.wait(150.0) == 10.0
    assert pace.again(400.0).times == 1
