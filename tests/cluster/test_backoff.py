from hypothesis import given
from hypothesis import strategies as st

from webhook.cluster.backoff import FIRST, LONGEST, pause

FAULTS = st.integers(1, 10**6)


@given(FAULTS, st.floats(0, 1, exclude_max=True))
def test_pauses_are_anything_up_to_a_limit_that_doubles_and_has_an_end(faults: int, chance: float) -> None:
    longest = min(LONGEST, FIRST * 2 ** min(faults - 1, 60))

    assert 0 <= pause(faults, chance) <= longest
    assert pause(faults, chance) == chance * longest


@given(FAULTS, st.floats(0, 1, exclude_max=True), st.floats(0, 30))
def test_the_server_is_left_alone_for_as_long_as_it_asks(faults: int, chance: float, wish: float) -> None:
    assert pause(faults, chance, wish) >= wish
