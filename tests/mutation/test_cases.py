"""What becomes of single pods: the cases of ``cases.yaml``."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.mutation.patching import patched
from webhook.mutation import RESTRICTED, STANDARD, Switches
from webhook.mutation.defaults import DEFAULTS
from webhook.mutation.defaults import automount_service_account_token as automount
from webhook.mutation.reference import render
from webhook.mutation.switches import KNOWN
from webhook.policy.checks import CHECKS

CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text())
FOLDER = Path(__file__).parents[2] / "webhook" / "mutation" / "defaults"


def switches_of(case: dict[str, Any]) -> Switches:
    named = {"restricted": RESTRICTED, "all": Switches.of(KNOWN)}
    on = case.get("switches", ["seccompProfile"])
    return named[on] if isinstance(on, str) else Switches.of(on)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_pod_becomes_what_its_case_says(case: dict[str, Any]) -> None:
    manifest = {"metadata": {"annotations": case.get("annotations")}, "spec": case["spec"]}
    old = {**manifest, "spec": case["old"]} if "old" in case else None

    _, patch, outcome = patched(manifest, switches_of(case), old)

    assert {each["path"]: each["value"] for each in patch} == case["patch"]
    assert len(patch) == len(case["patch"])
    assert list(outcome.warnings) == case.get("warnings", [])


def test_every_default_has_a_case_in_which_it_alone_is_on() -> None:
    assert {tuple(case.get("switches", ())) for case in CASES} >= {
        (each.id,) for each in DEFAULTS if not each.is_on and each.id != automount.ID
    }


def test_only_the_profile_is_on_unless_configured() -> None:
    assert Switches.of(["seccompProfile"]) == STANDARD
    restricted = {"seccompProfile", "allowPrivilegeEscalation", "capabilities", "runAsNonRoot"}
    assert Switches.of(restricted) == RESTRICTED


def test_an_unknown_switch_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no such default: seccomp; there are .*, seccompProfile"):
        Switches.of(["seccomp"])


def test_what_a_default_cures_is_a_control() -> None:
    assert {name for each in DEFAULTS for name in each.cures} <= {check.id for check in CHECKS}


def test_the_table_of_defaults_is_fresh() -> None:
    assert (FOLDER / "README.md").read_text() == render(), "run `make docs`"
