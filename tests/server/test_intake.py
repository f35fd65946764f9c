import pytest
from gunicorn.http.errors import InvalidChunkSize
from hypothesis import given
from hypothesis import strategies as st

from webhook.server.capacity import Room
from webhook.server.exchange import LARGEST_BODY, Unread
from webhook.server.intake import body_in, discard


class Stream:
    """A body that comes in pieces, and may end badly."""

    def __init__(self, *pieces: bytes, end: Exception | None = None) -> None:
        self._pieces = iter(pieces)
        self._end = end
        self.given = 0

    def read(self, size: int) -> bytes:
        piece = next(self._pieces, b"")
        if not piece and self._end:
            raise self._end
        assert len(piece) <= size
        self.given += len(piece)
        return piece


def plenty(_size: int) -> bool:
    return True


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=20))
def test_pieces_are_put_together(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)

    assert body_in(Stream(*pieces), None, plenty) == whole
    assert body_in(Stream(*pieces), len(whole), plenty) == whole
    assert body_in(Stream(*pieces), len(whole) + 1, plenty) == Unread.CUT_OFF


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (TimeoutError(), Unread.STALLED),
        (ConnectionResetError(), Unread.CUT_OFF),
        (OSError(), Unread.CUT_OFF),
        (InvalidChunkSize(b"x"), Unread.CUT_OFF),
    ],
)
def test_a_bad_end_is_no_body(end: Exception, why: Unread) -> None:
    assert body_in(Stream(b"{", end=end), None, plenty) == why
    assert body_in(Stream(b"{", end=end), 9, plenty) == why


def test_a_stream_is_read_to_the_limit_and_not_to_its_end() -> None:
    stream = Stream(*(b" " * 65536 for _ in range(1000)))

    assert body_in(stream, None, plenty) == Unread.TOO_LARGE
    assert stream.given <= LARGEST_BODY + 65536


def test_small_bodies_need_no_room_and_large_ones_do() -> None:
    room = Room(100_000)

    with room.share() as take:
        assert isinstance(body_in(Stream(b" " * 160_000), None, take), bytes)
        with room.share() as other:
            assert body_in(Stream(b" " * 160_000), None, other) == Unread.NO_ROOM
            assert isinstance(body_in(Stream(b" " * 65_536), None, other), bytes)
    with room.share() as take:
        assert isinstance(body_in(Stream(b" " * 160_000), None, take), bytes)


@pytest.mark.parametrize("end", [None, OSError(), InvalidChunkSize(b"x")])
def test_what_is_left_over_is_read_as_far_as_it_goes(end: Exception | None) -> None:
    stream = Stream(b"1", b"2", end=end)

    discard(stream)

    assert stream.given == 2


def test_there_is_an_end_to_reading_what_is_left_over(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream(*(b" " * 65536 for _ in range(1000)))
    discard(stream)
    moments = iter(range(100))
    slow = Stream(*[b" "] * 1000)
    monkeypatch.setattr("webhook.server.intake.monotonic", lambda: next(moments))
    discard(slow)

    assert stream.given <= LARGEST_BODY + 65536
    assert slow.given <= 2
