"""Who is exempt."""

import pytest

from webhook.policy.exemptions import Exemptions

NAMES = frozenset({"a", "b.c", ""})


@pytest.mark.parametrize(
    ("name", "is_exempt"),
    [("a", True), ("b.c", True), ("A", False), ("a ", False), ("b", False), ("*", False), ("", False)],
)
def test_names_are_exempt_as_they_are_written_and_no_name_never_is(name: str, *, is_exempt: bool) -> None:
    assert Exemptions(usernames=NAMES).cover_user(name) is is_exempt
    assert Exemptions(namespaces=NAMES).cover_namespace(name) is is_exempt
    assert Exemptions(runtime_classes=NAMES).cover_runtime_class(name) is is_exempt


def test_a_pod_without_a_runtime_class_is_not_exempt() -> None:
    assert not Exemptions(runtime_classes=NAMES).cover_runtime_class(None)


def test_nobody_is_exempt_by_default() -> None:
    nobody = Exemptions()

    assert not nobody.cover_user("a")
    assert not nobody.cover_namespace("a")
    assert not nobody.cover_runtime_class("a")
