"""What is a review, and what is refused as none."""

import msgspec
import pytest

from tests.admission.cases import UID, World, body_of, labels, request_of
from webhook.admission import NotAReview, review
from webhook.config import DEFAULTS

UNREADABLE = "unable to decode the request"
DEEP = 100_000


def refusal(body: bytes) -> str:
    with pytest.raises(NotAReview) as refused:
        review(body, settings=DEFAULTS, cluster=World(), clock=lambda: 0.0)
    return str(refused.value)


def with_head(**head: object) -> bytes:
    return msgspec.json.encode({**head, "request": request_of({})})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"", UNREADABLE, id="nothing"),
        pytest.param(b"[]", UNREADABLE, id="a list"),
        pytest.param(b"null", UNREADABLE, id="null"),
        pytest.param(b'{"request":', UNREADABLE, id="cut off"),
        pytest.param(body_of(request_of({})) + b"x", UNREADABLE, id="something behind it"),
        pytest.param(b"\xef\xbb\xbf" + body_of(request_of({})), UNREADABLE, id="a byte order mark"),
        pytest.param(body_of(request_of({})).decode().encode("utf-16"), UNREADABLE, id="UTF-16"),
        pytest.param(b'{"request":{"uid":"\xff"}}', UNREADABLE, id="no UTF-8"),
        pytest.param(b'{"request":{"uid":"\\ud800","name":"cart"}}', UNREADABLE, id="half a surrogate pair"),
        pytest.param(b'{"request":' + b"[" * DEEP + b"]" * DEEP + b"}", UNREADABLE, id="deep nesting"),
        pytest.param(
            b'{"request":{"uid":"a","object":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}}",
            UNREADABLE,
            id="a deeply nested object",
        ),
        pytest.param(body_of({**request_of({}), "name": 5}), UNREADABLE, id="a name of a wrong type"),
        pytest.param(body_of({**request_of({}), "name": "a" * 2000}), UNREADABLE, id="a name of any length"),
        pytest.param(body_of({**request_of({}), "uid": "a" * 2000}), UNREADABLE, id="a uid of any length"),
        pytest.param(body_of({**request_of({}), "dryRun": "no"}), UNREADABLE, id="a flag of a wrong type"),
        pytest.param(body_of([]), UNREADABLE, id="a request that is a list"),
        pytest.param(body_of(None), f"{UNREADABLE}: it has no request", id="no request"),
        pytest.param(b"{}", f"{UNREADABLE}: it has no request", id="an empty review"),
        pytest.param(body_of({}), f"{UNREADABLE}: request.uid is missing", id="no uid"),
        pytest.param(body_of({"uid": ""}), f"{UNREADABLE}: request.uid is missing", id="an empty uid"),
        pytest.param(
            with_head(apiVersion="admission.k8s.io/v1beta1", kind="AdmissionReview"), UNREADABLE, id="v1beta1"
        ),
        pytest.param(with_head(apiVersion="admission.k8s.io/v1", kind="Review"), UNREADABLE, id="no kind"),
        pytest.param(with_head(apiVersion="v1", kind=5), UNREADABLE, id="a kind of a wrong type"),
        pytest.param(
            with_head(apiVersion="v1", kind="Pod"),
            "unexpected AdmissionReview kind: /v1, Kind=Pod",
            id="a pod",
        ),
        pytest.param(
            with_head(apiVersion="apps/v1", kind="Deployment"),
            "unexpected AdmissionReview kind: apps/v1, Kind=Deployment",
            id="a deployment",
        ),
    ],
)  # fmt: skip
def test_what_is_no_review_is_refused(body: bytes, said: str) -> None:
    assert refusal(body) == said


@pytest.mark.parametrize("head", [{}, {"apiVersion": None, "kind": None}, {"kind": "AdmissionReview"}])
def test_a_review_need_not_say_that_it_is_one(head: dict[str, str | None]) -> None:
    answer = review(with_head(**head), settings=DEFAULTS, cluster=World(), clock=lambda: 0.0)

    assert answer.decision.uid == UID


def test_null_is_absent_and_unknown_fields_are_ignored() -> None:
    nothing = dict.fromkeys(
        ("kind", "resource", "requestSubResource", "name", "namespace", "operation", "userInfo", "dryRun",
         "object", "oldObject", "options")
    )  # fmt: skip
    answer = review(
        body_of({**nothing, "uid": UID, "new": {"in": ["v2"]}}),
        settings=DEFAULTS,
        cluster=World(),
        clock=lambda: 0.0,
    )

    assert answer.decision.metric_resource == "controller"
    assert answer.decision.error == 'failed to lookup namespace "": namespaces "" not found'


def test_of_a_key_that_comes_twice_the_last_counts() -> None:
    body = (
        b'{"request":{"uid":"a","uid":"b","resource":{"resource":"pods"},"namespace":"shop",'
        b'"kind":{"version":"v1","kind":"Pod"},'
        b'"object":{"spec":{}},"object":{"spec":{"hostNetwork":false,"hostNetwork":true}}}}'
    )
    world = World(labels({"enforce": "baseline"}))
    answer = review(body, settings=DEFAULTS, cluster=world, clock=lambda: 0.0)

    assert (answer.decision.uid, answer.decision.allowed) == ("b", False)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b'"\xff"', id="no UTF-8"),
        pytest.param(b'"\\ud800"', id="half a surrogate pair"),
        pytest.param(b"9" * 5000, id="a huge number"),
        pytest.param(b"1e999", id="a number beyond all floats"),
        pytest.param(b"NaN", id="no number"),
    ],
)
def test_a_pod_with_text_that_cannot_be_read_is_never_allowed(text: bytes) -> None:
    body = body_of(request_of({"object": {"spec": {"hostname": "HERE", "runtimeClassName": "HERE"}}}))
    body = body.replace(b'"HERE"', text)
    world = World(labels({"enforce": "baseline"}))
    try:
        answer = review(body, settings=DEFAULTS, cluster=world, clock=lambda: 0.0)
    except NotAReview:
        return

    assert answer.decision.code in {400, 422}
    assert not answer.decision.allowed
