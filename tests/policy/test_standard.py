"""Levels and versions, read as Kubernetes reads them."""

import pytest

from webhook.policy.standard import LATEST, Level, Standard, Version


def test_levels_are_ordered_by_strictness() -> None:
    assert Level.PRIVILEGED < Level.BASELINE < Level.RESTRICTED


@pytest.mark.parametrize("level", Level)
def test_a_level_is_read_as_it_is_written(level: Level) -> None:
    assert Level.parse(str(level)) is level


@pytest.mark.parametrize("text", ["", "Baseline", "baseline ", "strict", "baseline\n"])
def test_another_level_is_refused_in_kubernetes_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be one of privileged, baseline, restricted$"):
        Level.parse(text)


@pytest.mark.parametrize("text", ["latest", "v1.0", "v1.25", "v1.99", "v1.9223372036854775807"])
def test_a_version_is_read_as_it_is_written(text: str) -> None:
    assert str(Version.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "v1", "v1.", "v1.01", "v1.-1", "v2.1", "1.25", "Latest", "v1.25\n", "v1.25.1", " v1.2", "v1.٣"),
        *("v1.9223372036854775808", "v1." + "9" * 10_000),
    ],
)
def test_another_version_is_refused_in_kubernetes_words(text: str) -> None:
    with pytest.raises(ValueError, match=r'^must be "latest" or "v1.x"$'):
        Version.parse(text)


def test_latest_is_newer_than_every_number() -> None:
    assert Version.parse("v1.9223372036854775807") < LATEST


def test_a_standard_is_written_as_in_messages() -> None:
    assert str(Standard(Level.RESTRICTED, Version(25))) == "restricted:v1.25"
