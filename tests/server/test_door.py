"""Answers without a socket: the door itself, and Flask as a way to it."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webhook.admission import Answer, MustWait, mutate, review
from webhook.config import DEFAULTS
from webhook.manifests.namespaces import ClusterOfManifests
from webhook.server.application import application
from webhook.server.door import Door
from webhook.server.exchange import LARGEST_BODY, Head, Unread
from webhook.server.journal import Journal
from webhook.server.metrics import Metrics

Review = Callable[..., bytes]
JSON = {"content-type": "application/json"}
CLUSTER = ClusterOfManifests({"shop": {"pod-security.kubernetes.io/enforce": "restricted"}}, {})
UNFIT: dict[str, Any] = {"object": {"spec": {"containers": 5}}}
READ = ("content-type", "content-length", "content-encoding", "transfer-encoding")


class Recorder:
    """Decides as the real function does, and remembers what it was asked."""

    def __init__(self) -> None:
        self.deadlines: list[float | None] = []
        self.failure: Exception | None = None

    def __call__(self, body: bytes, *, deadline: float | None) -> Answer:
        self.deadlines.append(deadline)
        if self.failure:
            raise self.failure
        return review(body, settings=DEFAULTS, cluster=CLUSTER, clock=monotonic, deadline=deadline)


def put_in(body: bytes, *, deadline: float | None) -> Answer:
    return mutate(body, settings=DEFAULTS, cluster=CLUSTER, deadline=deadline)


@pytest.fixture
def decide() -> Recorder:
    return Recorder()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def waiting() -> list[Callable[[], str | None]]:
    return []


@pytest.fixture
def door(decide: Recorder, log: Path, waiting: list[Callable[[], str | None]]) -> Iterator[Door]:
    descriptor = os.open(log, os.O_CREAT | os.O_WRONLY)
    yield Door(
        decide,
        mutate=put_in,
        mutate_at_once=put_in,
        journal=Journal(descriptor),
        metrics=Metrics(),
        waiting=waiting,
        places=2,
    )
    os.close(descriptor)


@pytest.fixture
def client(door: Door) -> FlaskClient:
    return application(door).test_client()


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


REQUESTS = [
    ("GET", "/livez", {}),
    ("HEAD", "/livez", {}),
    ("GET", "/readyz", {}),
    ("POST", "/livez", {}),
    ("GET", "/validate", {}),
    ("OPTIONS", "/validate", {}),
    ("DELETE", "/validate", {}),
    ("POST", "/validate", {}),
    ("POST", "/validate", JSON),
    ("POST", "/validate?timeout=1s", JSON),
    ("POST", "/validate", {"content-type": "application/json; charset=utf-8"}),
    ("POST", "/validate", {"content-type": "text/json"}),
    ("POST", "/validate", JSON | {"content-encoding": "br"}),
    ("POST", "/validate", JSON | {"content-encoding": "Identity"}),
    ("POST", "/mutate", JSON),
    ("GET", "/mutate", JSON),
    ("POST", "/mutate", {"content-type": "text/json"}),
    ("POST", "/validate/", JSON),
    ("POST", "//validate", JSON),
    ("POST", "/Validate", JSON),
    ("POST", "/%76alidate", JSON),
    ("GET", "/", {}),
    ("GET", "/../validate", {}),
    ("GET", "/%00", {}),
    ("GET", "/\u00e9", {}),
    ("BREW", "/validate", {}),
]
BODIES = ["", "{", "review", "elsewhere", "old", "padded"]


@pytest.mark.parametrize("asked", REQUESTS, ids=str)
@pytest.mark.parametrize("named", BODIES)
def test_flask_gives_the_answers_of_the_door(
    door: Door, client: FlaskClient, new_review: Review, asked: tuple[str, str, dict[str, str]], named: str
) -> None:
    method, target, headers = asked
    body = {
        "review": new_review(),
        "elsewhere": new_review(namespace="nowhere"),
        "old": new_review().replace(b"/v1", b"/v1beta1"),
        "padded": new_review() + b" " * 100_000,
    }.get(named, named.encode())
    path, _, query = target.partition("?")
    ours = door.reply(
        Head(method, path.replace("%76", "v"), query, headers | {"content-length": str(len(body))}),
        body,
        monotonic(),
    )

    theirs = client.open(target, method=method, data=body, headers=headers)

    assert theirs.status_code == ours.status
    assert list(theirs.headers) == ours.headers
    assert theirs.data == (b"" if method == "HEAD" else ours.body)


@pytest.mark.parametrize("size", [LARGEST_BODY, LARGEST_BODY + 1])
def test_the_limit_is_seven_mebibytes(client: FlaskClient, new_review: Review, size: int) -> None:
    body = new_review()

    answer = client.post("/validate", data=body + b" " * (size - len(body)), headers=JSON)

    assert answer.status_code == (200 if size == LARGEST_BODY else 413)


@pytest.mark.parametrize(
    ("why", "status"),
    [(Unread.TOO_LARGE, 413), (Unread.STALLED, 408), (Unread.CUT_OFF, 400), (Unread.NO_ROOM, 503)],
)
def test_a_body_that_could_not_be_read_is_never_decided(
    door: Door, decide: Recorder, log: Path, why: Unread, status: int
) -> None:
    reply = door.reply(Head("POST", "/validate", headers=JSON | {"transfer-encoding": "chunked"}), why, 0.0)

    assert (reply.status, reply.closes) == (status, True)
    assert decide.deadlines == []
    assert [line["event"] for line in lines(log)] == ["refused"]
    assert "Retry-After" not in dict(reply.headers)


def post(door: Door, body: bytes, query: str = "", since: float = 0.0) -> int:
    head = Head("POST", "/validate", query, JSON | {"content-length": str(len(body))})
    return door.reply(head, body, since).status


def test_the_callers_timeout_becomes_the_deadline(door: Door, decide: Recorder, new_review: Review) -> None:
    since = monotonic()

    for query in ("timeout=10s", "timeout=soon", ""):
        assert post(door, new_review(), query, since) == 200

    assert decide.deadlines == [since + 10, None, None]


@pytest.mark.parametrize(
    ("way", "path"), [("reply", "/validate"), ("reply", "/mutate"), ("reply_at_once", "/mutate")]
)
def test_a_review_whose_time_is_over_is_not_decided(
    door: Door, log: Path, new_review: Review, way: str, path: str
) -> None:
    body = new_review()
    head = asked(path, body)._replace(query="timeout=2s")

    reply = getattr(door, way)(head, body, monotonic() - 3.0)

    assert (reply.status, reply.reason) == (503, "late")
    assert reply.body.startswith(b"too late")
    assert [line["event"] for line in lines(log)] == ["refused"]


def test_a_bug_is_no_yes_and_is_told(door: Door, decide: Recorder, log: Path) -> None:
    decide.failure = ZeroDivisionError("a bug")

    assert post(door, b"{}") == 500
    assert post(door, b"{}") == 500
    (line, _) = lines(log)
    assert (line["severity"], line["event"]) == ("error", "bug")
    assert line["error"].endswith("ZeroDivisionError: a bug\n")


def test_more_reviews_than_there_are_places_are_refused(decide: Recorder, new_review: Review) -> None:
    statuses = []

    def again(body: bytes, *, deadline: float | None) -> Answer:
        # Each review asks for another while it holds its place.
        statuses.append(post(door, new_review(), "timeout=10ms", monotonic()))
        return decide(body, deadline=deadline)

    door = Door(again, journal=Journal(), metrics=Metrics(), places=2)

    assert post(door, new_review()) == 200
    assert statuses == [503, 200]
    assert post(door, new_review(), "timeout=10s", monotonic()) == 200


def test_everything_that_is_waited_for_is_named(door: Door, waiting: list[Callable[[], str | None]]) -> None:
    waiting += [lambda: "the certificate", lambda: None, lambda: "the namespaces"]

    reply = door.reply(Head("GET", "/readyz"), b"", 0.0)

    assert reply.status == 503
    assert reply.body == b"not ready: the certificate\nnot ready: the namespaces\n"
    assert door.reply(Head("GET", "/livez"), b"", 0.0).status == 200


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.builds(Head, st.text(), st.text(), st.text(), st.dictionaries(st.sampled_from(READ), st.text()))
)
def test_no_head_of_a_request_ends_in_an_exception(door: Door, head: Head) -> None:
    assert door.reply(head, b"{}", 0.0).status in {400, 404, 405, 413, 415}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary())
def test_what_is_not_understood_is_no_review(door: Door, body: bytes) -> None:
    assert post(door, body) == 400


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_review_with_a_flaw_is_answered_or_refused(
    door: Door, new_review: Review, data: st.DataObject
) -> None:
    whole = new_review()
    at = data.draw(st.integers(0, len(whole)))
    flawed = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + data.draw(st.integers(0, 3)) :]
    reply = door.reply(
        Head("POST", "/validate", headers=JSON | {"content-length": str(len(flawed))}), flawed, 0.0
    )

    assert reply.status in {200, 400}
    if reply.status == 200:
        assert json.loads(reply.body)["response"]["uid"]


def test_warnings_are_limited_and_what_was_left_out_is_counted(door: Door, log: Path) -> None:
    for _ in range(1000):
        post(door, b"{")

    assert 20 <= len(lines(log)) < 100


def asked(path: str, body: bytes) -> Head:
    return Head("POST", path, headers=JSON | {"content-length": str(len(body))})


@pytest.mark.parametrize("way", ["reply", "reply_at_once"])
def test_what_is_put_into_a_pod_is_answered_told_and_counted(
    door: Door, log: Path, new_review: Review, way: str
) -> None:
    body = new_review()

    reply = getattr(door, way)(asked("/mutate", body), body, 0.0)

    response = json.loads(reply.body)["response"]
    assert (response["allowed"], response["patchType"]) == (True, "JSONPatch")
    (line,) = lines(log)
    assert (line["event"], line["decision"], line["mutated"]) == ("mutation", "allow", ["seccompProfile"])
    text = door.reply(Head("GET", "/metrics"), b"", 0.0).body.decode()
    assert 'seccomp_webhook_mutations_total{default="seccompProfile"} 1.0' in text
    assert 'seccomp_webhook_mutations_total{default="runAsNonRoot"} 0.0' in text
    assert 'request_duration_seconds_count{code="200",path="/mutate"} 1.0' in text
    assert not re.search(r"^pod_security_.* [1-9]", text, re.MULTILINE)


def test_what_could_not_be_put_in_is_counted_apart_from_the_plugins_errors(
    door: Door, log: Path, new_review: Review
) -> None:
    body = new_review(**UNFIT)
    door.reply(asked("/mutate", body), body, 0.0)

    text = door.reply(Head("GET", "/metrics"), b"", 0.0).body.decode()
    assert "seccomp_webhook_mutation_errors_total 1.0" in text
    assert not re.search(r"^pod_security_errors_total.* [1-9]", text, re.MULTILINE)
    assert lines(log)[0]["error"].startswith("failed to decode object")


def test_what_must_wait_is_not_answered_at_once_on_either_path(log: Path, new_review: Review) -> None:
    def waits(body: bytes, *, deadline: float | None) -> Answer:
        raise MustWait(body, deadline)

    body = new_review()
    with log.open("w") as file:
        door = Door(
            waits,
            at_once=waits,
            mutate=put_in,
            mutate_at_once=waits,
            journal=Journal(file.fileno()),
            metrics=Metrics(),
        )
        for path in ("/validate", "/mutate"):
            assert door.reply_at_once(asked(path, body), body, 0.0) is None
        assert door.reply(asked("/mutate", body), body, 0.0).status == 200
    assert len(lines(log)) == 1


@pytest.mark.parametrize("items", [[{}] * 1_000, [{"name": "x" * 40_000}]])
@pytest.mark.parametrize("path", ["/validate", "/mutate"])
def test_what_takes_long_to_judge_is_not_judged_at_once(
    log: Path, new_review: Review, path: str, items: list[dict[str, str]]
) -> None:
    body = new_review(object={"spec": {"containers": items}})
    decide = Recorder()
    with log.open("w") as file:
        door = Door(
            decide,
            at_once=decide,
            mutate=decide,
            mutate_at_once=decide,
            journal=Journal(file.fileno()),
            metrics=Metrics(),
        )
        assert door.reply_at_once(asked(path, body), body, 0.0) is None
    assert decide.deadlines == []


def test_a_door_that_puts_nothing_in_has_no_such_path(decide: Recorder, new_review: Review) -> None:
    door = Door(decide, journal=Journal(), metrics=Metrics())

    assert door.refusal(asked("/mutate", new_review())) is not None
