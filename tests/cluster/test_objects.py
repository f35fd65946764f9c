import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies.json_values import json_values
from webhook.admission import LABELS as KEPT
from webhook.cluster.failure import Failure
from webhook.cluster.namespaces import namespace_in
from webhook.cluster.objects import change_in, object_in, page_in, pods_in
from webhook.cluster.positions import Bookmark, Put, Remove
from webhook.config import DEFAULTS
from webhook.policy.labels import policy_of
from webhook.policy.pod import MOST_PARTS

LABELS = st.dictionaries(
    st.sampled_from([*KEPT, "app", "kubernetes.io/metadata.name"]),
    st.sampled_from(["restricted", "baseline", "v1.25", "latest", "", "x" * 300]),
)


def namespace(labels: dict[str, str] | None, version: str = "7") -> dict[str, object]:
    return {"metadata": {"name": "shop", "labels": labels, "resourceVersion": version, "uid": "1"}}


@given(LABELS)
def test_what_is_kept_of_labels_makes_the_same_policy(labels: dict[str, str]) -> None:
    answer = json.dumps(namespace(labels)).encode()
    name, _, kept = object_in(namespace_in, "get namespaces", answer)

    assert (name, dict(kept)) == ("shop", {key: text for key, text in labels.items() if key in KEPT})
    assert policy_of(kept, DEFAULTS.defaults) == policy_of(labels, DEFAULTS.defaults)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("ADDED", Put(7, "shop", {})),
        ("MODIFIED", Put(7, "shop", {})),
        ("DELETED", Remove(7, "shop")),
        ("BOOKMARK", Bookmark(7)),
    ],
)
def test_every_kind_of_event_is_understood(kind: str, change: object) -> None:
    line = json.dumps({"type": kind, "object": namespace(None)}).encode()
    assert change_in(namespace_in, "watch namespaces", line) == change


@pytest.mark.parametrize(
    "event",
    [
        {"type": "ERROR", "object": {"code": 410, "message": "too old resource version: 3 (9)"}},
        {"type": "NEW", "object": namespace({})},
        {"type": "ADDED", "object": namespace({}, version="x")},
        {"type": "ADDED"},
    ],
)
def test_what_is_no_event_is_a_failure_after_which_all_is_listed_anew(event: object) -> None:
    with pytest.raises(Failure) as caught:
        change_in(namespace_in, "watch namespaces", json.dumps(event).encode())
    assert caught.value.expired


@given(st.one_of(st.binary(), json_values().map(lambda value: json.dumps(value).encode())))
def test_whatever_is_answered_is_understood_or_a_failure(answer: bytes) -> None:
    for read in (object_in, page_in, change_in):
        with suppress(Failure):
            read(namespace_in, "list namespaces", answer)
    with suppress(Failure):
        pods_in("list pods", answer)


def test_a_pod_that_cannot_be_judged_in_time_is_no_answer() -> None:
    crowd = {"metadata": {"name": "crowd"}, "spec": {"containers": [{}] * (MOST_PARTS + 1)}}

    with pytest.raises(Failure, match="must not have more than 32,768 containers"):
        pods_in("list pods", json.dumps({"metadata": {}, "items": [crowd]}).encode())
