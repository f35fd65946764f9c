"""What the labels of a namespace ask for: ``labels.yaml``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from webhook.policy.labels import MODES, PERMISSIVE, PREFIX, Policy, is_set, policy_of
from webhook.policy.standard import Level, Standard, Version

CASES = yaml.safe_load(Path(__file__).with_name("labels.yaml").read_text())
KEYS = tuple(f"{mode}{suffix}" for mode in MODES for suffix in ("", "-version"))


def standard(text: str) -> Standard:
    level, version = text.split(":")
    return Standard(Level.parse(level), Version.parse(version))


def policy(*standards: str) -> Policy:
    return Policy(*map(standard, standards))


def full(labels: Mapping[str, str]) -> dict[str, str]:
    return {PREFIX + key if key in KEYS else key: text for key, text in labels.items()}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_labels_ask_for_what_their_case_says(case: dict[str, Any]) -> None:
    defaults = policy(*case["defaults"]) if "defaults" in case else PERMISSIVE
    asked, errors = policy_of(full(case["labels"]), defaults)

    assert list(map(str, asked)) == case.get("asks", ["privileged:latest"] * 3)
    assert [(error.field, error.value) for error in errors] == [
        (f"metadata.labels[{PREFIX}{key}]", case["labels"][key]) for key in case.get("errors", ())
    ]


def test_errors_say_what_must_be() -> None:
    _, errors = policy_of(full({"enforce": 'a"b\n', "enforce-version": "v2"}), PERMISSIVE)

    level, version = map(str, errors)
    assert level == (
        'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "a\\"b\\n": '
        "must be one of privileged, baseline, restricted"
    )
    assert version == (
        'metadata.labels[pod-security.kubernetes.io/enforce-version]: Invalid value: "v2": '
        'must be "latest" or "v1.x"'
    )


@given(
    st.dictionaries(st.sampled_from(KEYS), st.text() | st.sampled_from(("baseline", "restricted", "v1.9")))
)
def test_whatever_the_labels_there_is_a_policy_and_reading_them_again_says_the_same(
    labels: dict[str, str],
) -> None:
    asked, errors = policy_of(full(labels), PERMISSIVE)

    assert asked == policy_of(full(labels), PERMISSIVE)[0]
    assert {error.field for error in errors} <= {f"metadata.labels[{PREFIX}{key}]" for key in labels}
    if "enforce" in labels and not errors:
        assert str(asked.enforce.level) == labels["enforce"]


@given(st.text().filter(lambda text: text not in {"privileged", "baseline", "restricted"}))
def test_no_unreadable_level_lets_pods_in(text: str) -> None:
    asked, errors = policy_of(full({"enforce": text}), PERMISSIVE)

    assert asked.enforce.level is Level.RESTRICTED
    assert len(errors) == 1


def test_policies_are_equivalent_if_they_ask_for_the_same() -> None:
    asked = policy("privileged:latest", "baseline:v1.2", "restricted:latest")

    assert asked.is_equivalent_to(policy("privileged:v1.3", "baseline:v1.2", "restricted:latest"))
    assert not asked.is_equivalent_to(policy("privileged:latest", "baseline:v1.3", "restricted:latest"))
    assert not asked.is_equivalent_to(policy("baseline:latest", "baseline:v1.2", "restricted:latest"))


@pytest.mark.parametrize("mode", MODES)
def test_a_policy_is_privileged_if_no_mode_asks_for_anything(mode: str) -> None:
    assert PERMISSIVE.is_privileged
    assert not PERMISSIVE._replace(**{mode: standard("baseline:latest")}).is_privileged


def test_a_mode_is_set_by_either_of_its_labels() -> None:
    labels = full({"enforce": "x", "audit-version": "y"})

    assert [mode for mode in MODES if is_set(mode, labels)] == ["enforce", "audit"]
