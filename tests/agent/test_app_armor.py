"""The list of AppArmor profiles, as the kernel writes it."""

from pathlib import Path

import pytest

from tests.permissions import permissions_hold
from webhook.agent.app_armor import app_armor_in
from webhook.nodes.report import AppArmorProfile


def test_every_line_is_a_profile_with_its_mode(tmp_path: Path) -> None:
    listed = tmp_path / "profiles"
    listed.write_text(
        "web (complain)\n/usr/bin/man//filter (enforce)\nhas (paren) and space (kill)\nnonsense\n"
    )

    assert app_armor_in(listed) == (
        AppArmorProfile("/usr/bin/man//filter", "enforce"),
        AppArmorProfile("has (paren) and space", "kill"),
        AppArmorProfile("web", "complain"),
    )


def test_a_kernel_without_app_armor_is_not_one_without_profiles(tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("")

    assert app_armor_in(tmp_path / "absent" / "profiles") is None
    assert app_armor_in(tmp_path / "profiles") == ()


def test_a_list_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    listed = tmp_path / "profiles"
    listed.touch(mode=0)
    with permissions_hold(), pytest.raises(PermissionError):
        app_armor_in(listed)
