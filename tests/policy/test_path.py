"""Paths as Kubernetes writes them."""

import pytest

from webhook.policy.path import Path, dotted


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("spec", "containers", 0, "image"), "spec.containers[0].image"),
        (("metadata", "annotations", "example.com/key"), "metadata.annotations[example.com/key]"),
        (("template", "spec"), "template.spec"),
    ],
)
def test_a_path_is_written_with_dots_and_brackets(path: Path, text: str) -> None:
    assert dotted(path) == text
