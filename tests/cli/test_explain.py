"""``explain``: every control, with examples that are what they say."""

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Run
from tests.nodes.reporting import file, node, report
from webhook.cli.commands.explain import EXAMPLES
from webhook.nodes.controls import CONTROLS
from webhook.nodes.inventory import Inventory
from webhook.nodes.judgment import Judgment, judge
from webhook.nodes.localhost_profiles import LocalhostProfiles
from webhook.policy.check import Check
from webhook.policy.checks import CHECKS
from webhook.policy.extra import Extra
from webhook.policy.extras import EXTRAS
from webhook.policy.pod import pod_from
from webhook.policy.standard import Level

ALL = (*CHECKS, *(extra.check for extra in EXTRAS.values()), *CONTROLS)
every_control = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_a_control_is_explained(seccomp: Run, check: Check) -> None:
    ran = seccomp("explain", check.id)

    assert (ran.status, ran.err) == (0, "")
    assert check.about in ran.out
    assert all(f"  {field}\n" in ran.out for field in check.fields)
    assert all(f"  {revision.since}" in ran.out for revision in check.revisions)
    assert all(f"Replaces {name}" in ran.out for name in check.overrides)
    assert max(map(len, ran.out.splitlines())) <= 110


@every_control
def test_of_its_examples_the_first_is_refused_for_it_and_the_second_allowed(
    seccomp: Run, check: Check
) -> None:
    ran = seccomp("check", "--level", check.level, "-o", "json", EXAMPLES / f"{check.id}.yaml")

    assert ran.err == ""
    refused, allowed = json.loads(ran.out)["results"]
    # Kubernetes accepts a HostProcess pod only on the host's network.
    beside = {"hostNamespaces"} if check.id == "windowsHostProcess" else set()
    assert {each["control"] for each in refused["violations"]} - beside == {check.id}
    assert allowed["violations"] == []


@pytest.mark.parametrize("extra", EXTRAS.values(), ids=lambda extra: extra.check.id)
def test_of_the_examples_of_an_extra_control_the_first_is_refused_where_it_is_switched_on(
    seccomp: Run, tmp_path: Path, extra: Extra
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"apiVersion: seccomp-webhook.io/v1\nkind: Configuration\n{extra.switch}\n")
    example = EXAMPLES / f"{extra.check.id}.yaml"
    ran = seccomp("check", "--level", "baseline", "--config", config, "-o", "json", example)

    assert f"  {extra.switch}\n" in seccomp("explain", extra.check.id).out
    refused, allowed = json.loads(ran.out)["results"]
    assert [each["control"] for each in refused["violations"]] == [extra.check.id]
    assert allowed["violations"] == []
    assert seccomp("check", "--level", "baseline", example).status == 0


def test_there_is_no_example_of_anything_else() -> None:
    assert {file.stem for file in EXAMPLES.iterdir()} == {check.id for check in ALL}


@pytest.mark.parametrize(
    "name", ["runAsUser", "RUNASUSER", "runAsUser=0", "host namespaces", "forbidden AppArmor profile"]
)
def test_a_control_can_be_named_by_its_id_or_as_denials_call_it(seccomp: Run, name: str) -> None:
    assert seccomp("explain", name).status == 0


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("runAsUsr", "; did you mean runAsUser or "),
        ("procMount ", "; did you mean procMount"),
        ("seccompProfile", "; it is one of seccompProfile_baseline, seccompProfile_restricted"),
        (
            "seccomp",
            "; did you mean seccompProfile_baseline or seccompProfile_restricted or seccompRequired?",
        ),
        (
            "armor",
            "; did you mean appArmorProfile?",
        ),
        ("\x1b[2J", 'No control "\\x1b[2J"; seccomp-webhook explain lists them\n'),
        ("", 'No control ""; seccomp-webhook explain lists them\n'),
    ],
)
def test_a_name_that_is_none_is_answered_with_what_could_be_meant(
    seccomp: Run, name: str, answer: str
) -> None:
    ran = seccomp("explain", name)

    assert ran.status == 2
    assert ran.out == ""
    assert answer in ran.err


def test_all_controls_are_listed_by_level(seccomp: Run) -> None:
    words = seccomp("explain").out.split()

    assert {check.id for check in ALL} <= set(words)
    assert words.index("baseline:") < words.index("privileged") < words.index("restricted:")


@pytest.mark.parametrize("check", CONTROLS, ids=lambda check: check.id)
def test_of_the_examples_about_profiles_of_the_node_the_first_is_refused(seccomp: Run, check: Check) -> None:
    nodes = Inventory()
    nodes.put_node(node("a"))
    nodes.put_report(report("a", "cart.json", file("open.json", profile_class="none")))
    examples = yaml.safe_load_all((EXAMPLES / f"{check.id}.yaml").read_text())
    refused, allowed = (
        judge(pod_from(each), nodes.snapshot(), LocalhostProfiles(), Level.BASELINE) for each in examples
    )

    assert [each.check.id for each in refused.findings] == [check.id]
    assert allowed == Judgment()
    assert "localhostProfiles: {mode: enforce}" in seccomp("explain", check.id).out
