"""Configuration files: ``good.yaml`` and what they come to, ``bad.yaml`` and what is said of them."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies.json_values import json_values, places, replaced
from webhook.config import (
    DEFAULTS,
    ConfigurationError,
    PluginFile,
    Settings,
    settings_of,
    settings_of_plugin,
)

HERE = Path(__file__).parent
GOOD = yaml.safe_load((HERE / "good.yaml").read_text())
BAD = yaml.safe_load((HERE / "bad.yaml").read_text())
HEAD = {"apiVersion": "pod-security.admission.config.k8s.io/v1", "kind": "PodSecurityConfiguration"}


@pytest.mark.parametrize("case", GOOD, ids=[case["name"] for case in GOOD])
def test_a_good_configuration_comes_to_what_its_case_says(case: dict[str, Any]) -> None:
    document = deepcopy(case["document"])
    settings = settings_of(document)

    if "path" in case:
        assert settings == PluginFile(case["path"])
    else:
        assert isinstance(settings, Settings)
        assert list(map(str, settings.defaults)) == case.get("asks", ["privileged:latest"] * 3)
        assert settings.exemptions._asdict() == {
            name: frozenset(case.get("exempt", {}).get(name, ())) for name in settings.exemptions._fields
        }
    assert document == case["document"]


@pytest.mark.parametrize("case", BAD, ids=[case["name"] for case in BAD])
def test_a_bad_configuration_is_refused_with_every_field_that_is_wrong(case: dict[str, Any]) -> None:
    document = case["document"] if "apiVersion" in case["document"] else {**HEAD, **case["document"]}
    with pytest.raises(ConfigurationError) as refused:
        settings_of(document)

    if "said" in case:
        assert str(refused.value) == case["said"]
    else:
        assert str(refused.value).startswith(case["starts"])
    assert [problem.field for problem in refused.value.problems] == case["fields"]
    assert all(problem.text in str(refused.value) for problem in refused.value.problems)


@pytest.mark.parametrize("document", [None, [], "text", 5])
def test_what_is_no_object_is_refused(document: object) -> None:
    with pytest.raises(ConfigurationError, match="a configuration is an object with apiVersion and kind"):
        settings_of(document)


def test_the_file_that_is_named_must_be_the_plugins_own() -> None:
    assert settings_of_plugin(HEAD) == DEFAULTS
    with pytest.raises(ConfigurationError, match='no kind "AdmissionConfiguration" is registered'):
        settings_of_plugin({"apiVersion": "apiserver.config.k8s.io/v1", "kind": "AdmissionConfiguration"})


@given(data=st.data(), case=st.sampled_from(GOOD), value=json_values())
def test_any_json_in_any_place_comes_to_settings_or_is_refused(
    data: st.DataObject, case: dict[str, Any], value: object
) -> None:
    document = case["document"]
    place = data.draw(st.sampled_from(list(places(document))))
    try:
        settings = settings_of(replaced(document, place, value))
    except ConfigurationError as error:
        assert error.problems  # noqa: PT017 - either outcome is one
    else:
        assert isinstance(settings, (Settings, PluginFile))
