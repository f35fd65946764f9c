"""We read YAML as sigs.k8s.io/yaml does, the library of kubectl and of the API server."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import assume, given, settings

from tests.conformance.conftest import Build
from tests.conformance.programs import Conversation
from tests.conformance.yaml_cases import disagreement, is_json
from tests.conformance.yaml_records import question, records
from tests.strategies.yaml_texts import yaml_texts
from webhook.manifests import events
from webhook.manifests.events import PureParser


@pytest.fixture(scope="module")
def library(go_program: Build) -> Iterator[Conversation]:
    with closing(Conversation(go_program("yaml"))) as conversation:
        yield conversation


def test_we_read_what_is_on_record_as_kubernetes_does() -> None:
    for text, verdict in records():
        assert disagreement(text, verdict) is None, text


def test_the_records_are_what_kubernetes_says(library: Conversation) -> None:
    recorded = list(records())
    asked = [question(text) for text, _ in recorded]

    for (text, verdict), theirs in zip(recorded, library.ask(asked), strict=True):
        assert theirs == verdict, f"{text!r}: python -m tests.conformance.yaml_records asks anew"


def test_without_libyaml_only_tabs_are_read_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_parser", PureParser)

    for text, verdict in records():
        if b"\t" not in text:
            assert disagreement(text, verdict) is None, text


@settings(max_examples=1000)
@given(yaml_texts())
def test_we_read_any_text_as_kubernetes_does(library: Conversation, text: str) -> None:
    assume(not is_json(text))  # which Kubernetes does not read as YAML
    asked = text.encode()
    (verdict,) = library.ask([question(asked)])

    assert disagreement(asked, verdict) is None
