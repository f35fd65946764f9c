"""When agents do things: never all at once, and ever more seldom while the API server is in trouble."""

from hypothesis import given
from hypothesis import strategies as st

from webhook.agent.pace import around, retry_after

chances = st.floats(0, 1, exclude_max=True)


@given(st.integers(1, 10_000), chances, st.floats(0, 60))
def test_a_wait_is_bounded_and_never_shorter_than_what_the_server_wishes(
    faults: int, chance: float, wish: float
) -> None:
    assert wish + 0.5 <= retry_after(faults, chance, wish) <= wish + 300


def test_every_fault_doubles_the_wait() -> None:
    assert [retry_after(faults, 0.0) for faults in (1, 2, 3)] == [0.5, 1.0, 2.0]


@given(chances)
def test_intervals_differ_by_a_fifth(chance: float) -> None:
    assert 80 <= around(100, chance) <= 120
