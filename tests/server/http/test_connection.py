"""Connections on real sockets over TLS: what clients do, and what it costs."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Any

import pytest

from webhook.server.exchange import LARGEST_BODY
from webhook.server.http.connection import State

Review = Callable[..., bytes]
# The fixtures' classes, which tests cannot import.
Rim = Any
Stand = Any

HEAD = b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%bContent-Length: %d\r\n\r\n"
METRICS = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
LIVEZ = b"GET /livez HTTP/1.1\r\nHost: x\r\n%b\r\n"
CLOSE = b"Connection: close\r\n"
LARGE = 200_000


def asked(body: bytes, fields: bytes = b"") -> bytes:
    return HEAD % (fields, len(body)) + body


def padded(body: bytes, size: int) -> bytes:
    return body + b" " * (size - len(body))


class Answers:
    """What comes back on a connection, answer by answer."""

    def __init__(self, connection: ssl.SSLSocket) -> None:
        self._file = connection.makefile("rb")

    def next(self, *, without_body: bool = False) -> tuple[int, dict[str, str], bytes]:
        line = self._file.readline()
        assert line.startswith(b"HTTP/1."), line
        headers = {}
        while (field := self._file.readline().decode().strip()) != "":
            name, _, value = field.partition(": ")
            headers[name] = value
        size = 0 if without_body else int(headers.get("Content-Length", 0))
        return int(line.split()[1]), headers, self._file.read(size)

    def rest(self) -> bytes:
        with suppress(OSError):
            return self._file.read()
        return b""

    def close(self) -> None:
        self._file.close()


@pytest.fixture
def talk() -> Iterator[Callable[[ssl.SSLSocket], Answers]]:
    opened: list[Any] = []

    def start(connection: ssl.SSLSocket) -> Answers:
        answers = Answers(connection)
        opened.extend((answers, connection))
        return answers

    yield start
    for each in opened:
        each.close()


Talk = Callable[[ssl.SSLSocket], Answers]


def say_no_more(connection: ssl.SSLSocket) -> None:
    """Close the client's side of TCP: Python would end TLS with it."""
    socket.socket.shutdown(connection, socket.SHUT_WR)


def uid_in(body: bytes) -> str:
    return str(json.loads(body)["response"]["uid"])


def test_answers_come_in_the_order_of_the_requests(rim: Rim, talk: Talk, new_review: Review) -> None:
    connection = rim.connect()
    answers = talk(connection)
    connection.sendall(
        asked(new_review(uid="slow", namespace="slow"))
        + asked(new_review(uid="quick"))
        + LIVEZ % b""
        + asked(padded(new_review(uid="large"), 100_000))
        + LIVEZ % CLOSE
    )
    assert rim.shop.asked.acquire(timeout=20)
    rim.shop.let_go.set()

    assert uid_in(answers.next()[2]) == "slow"
    assert uid_in(answers.next()[2]) == "quick"
    assert answers.next()[2] == b"ok\n"
    assert uid_in(answers.next()[2]) == "large"
    assert answers.next()[1]["Connection"] == "close"
    assert answers.rest() == b""


def test_others_are_answered_while_one_is_decided(rim: Rim, talk: Talk, new_review: Review) -> None:
    waiting = rim.connect()
    slow = talk(waiting)
    waiting.sendall(asked(new_review(uid="slow", namespace="slow")))
    assert rim.shop.asked.acquire(timeout=20)
    other = rim.connect()
    quick = talk(other)
    other.sendall(asked(new_review(uid="quick")))

    assert uid_in(quick.next()[2]) == "quick"
    rim.shop.let_go.set()
    assert uid_in(slow.next()[2]) == "slow"


def test_many_who_ask_for_counters_keep_no_probe_and_cost_one_exposition(
    rim: Rim, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, written = threading.Semaphore(0), threading.Event(), rim.metrics.exposition

    def slowly() -> tuple[str, bytes]:
        begun.release()
        assert go_on.wait(20)
        return written()  # type: ignore[no-any-return]  # the fixture's class cannot be imported

    monkeypatch.setattr(rim.metrics, "exposition", slowly)
    asking = [rim.connect() for _ in range(60)]
    answers = [talk(each) for each in asking]
    asking[0].sendall(METRICS)
    assert begun.acquire(timeout=20)
    for each in asking[1:]:
        each.sendall(METRICS)
    rim.until(lambda: sum(each.state is State.ANSWERING for each in rim.connections._all) == 60)  # noqa: SLF001 - as ``Rim.all``
    probing = rim.connect()
    probes = talk(probing)
    probing.sendall(LIVEZ % b"" + (LIVEZ % b"").replace(b"livez", b"readyz"))

    assert [probes.next()[2] for _ in range(2)] == [b"ok\n"] * 2
    go_on.set()
    assert [each.next()[0] for each in answers] == [200] * 60
    assert begun.acquire(blocking=False)
    assert not begun.acquire(blocking=False)


def test_a_review_whose_time_is_over_when_a_thread_is_free_is_not_decided(
    rim: Rim, talk: Talk, new_review: Review
) -> None:
    slow = asked(new_review(namespace="slow"))
    busy = [rim.connect() for _ in range(4)]
    answers = [talk(each) for each in busy]
    for each in busy:
        each.sendall(slow)
        assert rim.shop.asked.acquire(timeout=20)
    late = rim.connect()
    told = talk(late)
    late.sendall(slow.replace(b"/validate", b"/validate?timeout=100ms"))
    rim.until(lambda: rim.dispatch._waiting == 5)  # noqa: SLF001 - who waits shows nowhere else
    time.sleep(0.2)
    rim.shop.let_go.set()

    status, _, body = told.next()
    assert (status, body.partition(b":")[0]) == (503, b"too late")
    assert [each.next()[0] for each in answers] == [200] * 4
    assert not rim.shop.asked.acquire(blocking=False)


@pytest.mark.parametrize("target", ["/metrics", "/validate"])
def test_one_who_takes_no_answers_is_ended_in_time_and_read_no_further(
    stand: Stand, new_review: Review, target: str
) -> None:
    ahead = LIVEZ.replace(b"/livez", target.encode()) % b"" if target == "/metrics" else asked(new_review())
    with stand(request=1.0) as rim, closing(rim.connect(receive=4096)) as connection:
        connection.settimeout(0.5)
        sent, most = 0, 0
        with suppress(OSError):
            while sent < 64 * 1024 * 1024:
                sent += connection.send(ahead * 50)
                for each in rim.all():
                    most = max(most, len(each._events))  # noqa: SLF001 - what is held shows nowhere else
        rim.until(lambda: len(rim.connections) == 0)

    # The kernel's buffers, and the requests in what is read at once.
    assert sent < 16 * 1024 * 1024
    assert most < 2 * 8 * 1024 / len(ahead) + 2


def test_one_who_was_answered_and_does_not_take_it_is_not_idle(stand: Stand) -> None:
    with stand(request=0.5, idle=600.0) as rim, closing(rim.connect(receive=4096)) as connection:
        # One answer after the other until the server has to wait, and then no more requests.
        connection.settimeout(0.2)
        with suppress(OSError):
            while True:
                connection.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
                if any(each._writes_wait for each in rim.all()):  # noqa: SLF001 - as above
                    break
        rim.until(lambda: len(rim.connections) == 0)


def test_one_who_takes_answers_slowly_gets_them_all(stand: Stand, talk: Talk) -> None:
    with stand() as rim:
        connection = rim.connect(receive=4096)
        answers = talk(connection)
        number = 300
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(connection.sendall, b"GET /metrics HTTP/1.1\r\n\r\n" * number)
            rim.until(lambda: any(each._writes_wait for each in rim.connections._all))  # noqa: SLF001 - as above
            statuses = [answers.next()[0] for _ in range(number)]
            sending.result(20)

    assert statuses == [200] * number


def test_who_waits_to_be_told_is_told_to_go_on(rim: Rim, talk: Talk, new_review: Review) -> None:
    connection = rim.connect()
    answers = talk(connection)
    body = new_review(uid="told")
    connection.sendall(HEAD % (b"Expect: 100-continue\r\n", len(body)))

    assert answers.next()[0] == 100
    connection.sendall(body)
    assert uid_in(answers.next()[2]) == "told"


@pytest.mark.parametrize(
    ("fields", "size", "status"),
    [(b"", LARGEST_BODY + 1, 413), (b"Content-Encoding: gzip\r\n", 10, 415)],
)
def test_who_waits_is_told_not_to_go_on(rim: Rim, talk: Talk, fields: bytes, size: int, status: int) -> None:
    connection = rim.connect()
    answers = talk(connection)
    connection.sendall(HEAD % (fields + b"Expect: 100-continue\r\n", size))

    assert answers.next()[0] == status
    assert answers.rest() == b""


def test_who_does_not_wait_is_not_told(rim: Rim, talk: Talk, new_review: Review) -> None:
    connection = rim.connect()
    answers = talk(connection)
    connection.sendall(asked(new_review(), b"Expect: 100-continue\r\n"))
    first = answers.next()[0]

    assert (first if first != 100 else answers.next()[0]) == 200


def test_head_is_answered_as_get_without_the_body(rim: Rim, talk: Talk) -> None:
    connection = rim.connect()
    answers = talk(connection)
    connection.sendall(LIVEZ.replace(b"GET", b"HEAD") % b"" + LIVEZ % b"")

    status, headers, _ = answers.next(without_body=True)
    assert (status, headers["Content-Length"]) == (200, "3")
    assert answers.next()[2] == b"ok\n"


def test_an_empty_line_between_requests_is_not_the_next_one(stand: Stand, talk: Talk) -> None:
    with stand(request=0.3) as rim:
        connection = rim.connect()
        answers = talk(connection)
        connection.sendall(LIVEZ % b"" + b"\r\n")
        assert answers.next()[0] == 200
        (each,) = rim.all()
        rim.until(lambda: each.state is State.IDLE)
        time.sleep(0.6)
        connection.sendall(LIVEZ % b"")

        assert answers.next()[0] == 200


def test_garbage_after_a_request_ends_the_connection_after_its_answer(
    rim: Rim, talk: Talk, new_review: Review
) -> None:
    connection = rim.connect()
    answers = talk(connection)
    connection.sendall(asked(new_review(uid="sound")) + b"garbage\r\n\r\n")

    assert uid_in(answers.next()[2]) == "sound"
    status, headers, _ = answers.next()
    assert (status, headers["Connection"]) == (400, "close")
    assert answers.rest() == b""


def test_one_who_half_closes_has_heard_what_was_answered_at_once(
    rim: Rim, talk: Talk, new_review: Review
) -> None:
    connection = rim.connect()
    answers = talk(connection)
    connection.sendall(asked(new_review(uid="half")))
    (each,) = rim.all()
    rim.until(lambda: each.answered == 1)
    say_no_more(connection)

    assert uid_in(answers.next()[2]) == "half"
    rim.until(lambda: len(rim.connections) == 0)


@pytest.mark.parametrize("how", ["half", "whole"])
def test_one_who_goes_while_he_is_answered_leaves_nothing_behind(
    rim: Rim, new_review: Review, how: str
) -> None:
    with closing(rim.connect()) as connection:
        connection.sendall(asked(padded(new_review(namespace="slow"), LARGE)) + LIVEZ % b"" * 20)
        assert rim.shop.asked.acquire(timeout=20)
        assert rim.left < rim.room
        if how == "half":
            say_no_more(connection)
        else:
            connection.close()
        rim.shop.let_go.set()
        rim.until(lambda: len(rim.connections) == 0)

    rim.until(lambda: rim.left == rim.room)


# Ways in which a large body can end: sent after the head, and the status of the answer, 0 for none.
def ends(body: bytes) -> dict[str, tuple[bytes, int]]:
    whole = padded(body, LARGE)
    chunks = b"".join(b"8000\r\n" + whole[at : at + 0x8000] + b"\r\n" for at in range(0, 0x8000 * 6, 0x8000))
    head, _, _ = HEAD.partition(b"Content-Length")
    chunked = head % b"Transfer-Encoding: chunked\r\n" + b"\r\n"
    return {
        "answered": (asked(whole), 200),
        "no review": (asked(b"{" + b" " * LARGE), 400),
        "broken chunk": (chunked + chunks + b"zz\r\n", 400),
        "endless trailer": (chunked + chunks + b"0\r\nX: " + b"a" * 100_000, 431),
        "too large": (chunked + chunks * 40, 413),
        "stalled": (HEAD % (b"", LARGE + 1) + whole, 408),
        "gone": (HEAD % (b"", LARGE + 1) + whole, 0),
    }


@pytest.mark.parametrize("end", ends(b""))
def test_room_is_given_back_whatever_ends_a_request(
    stand: Stand, talk: Talk, new_review: Review, end: str
) -> None:
    sent, status = ends(new_review())[end]
    with stand(request=1.0 if end == "stalled" else 60.0) as rim:
        connection = rim.connect()
        answers = talk(connection)
        with suppress(OSError):
            connection.sendall(sent)
        if status:
            assert answers.next()[0] == status
        else:
            rim.until(lambda: rim.left < rim.room)
            answers.close()
            connection.close()
        rim.until(lambda: rim.left == rim.room)


def test_bodies_beyond_the_room_are_refused_and_small_ones_are_not(
    stand: Stand, talk: Talk, new_review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhook.server.dispatch.ROOM_FOR_BODIES", LARGE)
    with stand() as rim:
        first, second, third = rim.connect(), rim.connect(), rim.connect()
        holding, refused, small = talk(first), talk(second), talk(third)
        body = padded(new_review(uid="first"), LARGE)
        first.sendall(asked(body)[:-1])
        rim.until(lambda: rim.left < LARGE // 2)
        second.sendall(asked(body))
        status, headers, said = refused.next()
        third.sendall(asked(new_review(uid="small")))

        assert (status, headers["Connection"]) == (503, "close")
        assert "Retry-After" not in headers
        assert said == b"too many large requests at once; try again\n"
        assert uid_in(small.next()[2]) == "small"
        first.sendall(body[-1:])
        assert uid_in(holding.next()[2]) == "first"
        rim.until(lambda: rim.left == LARGE)


def test_the_room_of_one_who_is_evicted_is_given_back(stand: Stand, new_review: Review) -> None:
    with stand(most=1) as rim, closing(rim.connect()) as connection:
        connection.sendall(asked(padded(new_review(), LARGE))[:-1])
        rim.until(lambda: rim.left < rim.room)
        with closing(rim.connect()):
            rim.until(lambda: rim.left == rim.room)


def test_more_than_may_be_there_end_the_least_useful_and_nobody_who_is_answered(
    stand: Stand, talk: Talk, new_review: Review
) -> None:
    with stand(most=4) as rim:
        waiting = rim.connect()
        slow = talk(waiting)
        waiting.sendall(asked(new_review(uid="slow", namespace="slow")))
        assert rim.shop.asked.acquire(timeout=20)
        useful = rim.connect()
        kept = talk(useful)
        useful.sendall(LIVEZ % b"")
        assert kept.next()[0] == 200
        for _ in range(20):
            idle = rim.connect()
            talk(idle)
        assert len(rim.all()) <= 4
        useful.sendall(LIVEZ % b"")
        assert kept.next()[0] == 200
        rim.shop.let_go.set()

        assert uid_in(slow.next()[2]) == "slow"


def test_where_all_are_being_answered_the_newcomer_gives_way(
    stand: Stand, talk: Talk, new_review: Review
) -> None:
    with stand(most=2) as rim:
        waiting = [rim.connect() for _ in range(2)]
        slow = [talk(each) for each in waiting]
        for each in waiting:
            each.sendall(asked(new_review(uid="slow", namespace="slow")))
            assert rim.shop.asked.acquire(timeout=20)
        with pytest.raises(OSError, match=r".*"):
            rim.connect()
        rim.shop.let_go.set()

        assert [uid_in(each.next()[2]) for each in slow] == ["slow", "slow"]


def test_an_end_of_descriptors_is_survived(stand: Stand, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    accept = socket.socket.accept
    failures = [
        OSError(24, "Too many open files"),
        OSError(23, "Too many open files in system"),
        OSError(12, "Cannot allocate memory"),
        ConnectionAbortedError(103, "Software caused connection abort"),
        InterruptedError(4, "Interrupted system call"),
    ]

    def scarce(listener: socket.socket) -> Any:  # noqa: ANN401 - as accept's
        if failures:
            raise failures.pop(0)
        return accept(listener)

    monkeypatch.setattr("webhook.server.http.reception._PAUSE", 0.05)
    with stand() as rim:
        monkeypatch.setattr(socket.socket, "accept", scarce)
        connection = rim.connect()
        answers = talk(connection)
        connection.sendall(LIVEZ % b"")

        assert answers.next()[0] == 200
        assert rim.reports == [
            " no connection can be accepted: Too many open files",
            " no connection can be accepted: Too many open files in system",
            " no connection can be accepted: Cannot allocate memory",
        ]


def test_an_answer_that_fails_ends_its_connection_and_no_other(rim: Rim, talk: Talk) -> None:
    rim.dispatch._app = None  # noqa: SLF001 - what cannot fail is made to
    connection = rim.connect()
    answers = talk(connection)
    connection.sendall(METRICS)

    assert answers.rest() == b""
    rim.until(lambda: len(rim.connections) == 0)
    assert len(rim.broken) == 1
    rim.broken.clear()
