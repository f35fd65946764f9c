"""The Flask application under a WSGI server of Python's own answers what the server itself does."""

import json
import os
import threading
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from tests.admission.cases import CASES, body_of, request_of
from tests.server.test_door import BODIES, CLUSTER, REQUESTS
from webhook.admission import mutate, review
from webhook.config import DEFAULTS
from webhook.server.application import application
from webhook.server.door import Door
from webhook.server.journal import Journal
from webhook.server.metrics import Metrics

# The fixtures' class, which tests cannot import.
Server = Any

JSON = {"content-type": "application/json"}
OURS = ("Content-Type", "Content-Length", "Allow")
Answered = tuple[int, dict[str, str | None], bytes]


class Quiet(WSGIRequestHandler):
    """One that does not write to standard error."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def flask_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HTTPConnection]:
    log = os.open(tmp_path_factory.mktemp("flask") / "log", os.O_CREAT | os.O_WRONLY)
    decide = partial(review, settings=DEFAULTS, cluster=CLUSTER, clock=monotonic)
    put_in = partial(mutate, settings=DEFAULTS, cluster=CLUSTER)
    door = Door(decide, mutate=put_in, journal=Journal(log), metrics=Metrics())
    with make_server("127.0.0.1", 0, application(door), handler_class=Quiet) as wsgi:
        thread = threading.Thread(target=wsgi.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        client = HTTPConnection("127.0.0.1", wsgi.server_port, timeout=20)
        yield client
        client.close()
        wsgi.shutdown()
        thread.join()
    os.close(log)


@pytest.fixture(scope="module")
def real(server: Server) -> Iterator[HTTPConnection]:
    client = server.client()
    yield client
    client.close()


def answered(
    client: HTTPConnection, method: str, target: str, body: bytes, headers: dict[str, str]
) -> Answered:
    client.request(method, target.replace("\u00e9", "%C3%A9"), body, headers)
    response = client.getresponse()
    return response.status, {name: response.headers[name] for name in OURS}, response.read()


@pytest.mark.parametrize(
    # A method that is in no registry does not get as far as our routes, and Python's own server makes one
    # slash of two at the start of a path.
    "asked",
    [each for each in REQUESTS if each[0] != "BREW" and not each[1].startswith("//")],
    ids=str,
)
@pytest.mark.parametrize("named", [*BODIES, "null", "[]", "\ufeff{}", "\udc80", "[" * 5000])
def test_every_request_is_answered_alike(
    real: HTTPConnection, flask_alone: HTTPConnection, asked: tuple[str, str, dict[str, str]], named: str
) -> None:
    method, target, headers = asked
    whole = body_of(request_of({}))
    body = {
        "review": whole,
        "elsewhere": body_of(request_of({"namespace": "nowhere"})),
        "old": whole.replace(b"/v1", b"/v1beta1"),
        "padded": whole + b" " * 100_000,
    }.get(named, named.encode(errors="surrogateescape"))

    assert answered(real, method, target, body, headers) == answered(
        flask_alone, method, target, body, headers
    )


@pytest.mark.parametrize("path", ["/validate", "/mutate"])
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_review_is_answered_alike(
    real: HTTPConnection, flask_alone: HTTPConnection, path: str, case: dict[str, Any]
) -> None:
    body = body_of(request_of(case.get("request", {})))
    ours, theirs = (answered(each, "POST", f"{path}?timeout=10s", body, JSON) for each in (real, flask_alone))

    assert ours == theirs
    assert ours[0] == 200
    assert json.loads(ours[2])["kind"] == "AdmissionReview"


def test_a_patch_is_among_the_answers(real: HTTPConnection) -> None:
    answers = [
        json.loads(answered(real, "POST", "/mutate", body_of(request_of(case.get("request", {}))), JSON)[2])
        for case in CASES
    ]

    assert any("patch" in each["response"] for each in answers)


def test_the_example_reviews_are_answered_alike(real: HTTPConnection, flask_alone: HTTPConnection) -> None:
    examples = sorted((Path(__file__).parents[2] / "examples").glob("review-*.json"))
    for example in examples:
        body = example.read_bytes()
        for path in ("/validate", "/mutate"):
            assert answered(real, "POST", path, body, JSON) == answered(flask_alone, "POST", path, body, JSON)

    assert len(examples) == 4
