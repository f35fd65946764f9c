"""``profile``: what its commands say about files, and how they end."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Run
from tests.reports.sarif import read_sarif
from webhook.seccomp.target import RUNTIMES

COMMANDS = ("convert", "diff", "judge", "lint", "merge", "verdict")
WEAK = """\
{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [
    {"names": ["mount"],
     "action": "SCMP_ACT_ERRNO"}
  ]
}
"""
STRICT = """\
{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["read", "write", "exit", "exit_group", "rt_sigreturn"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}
  ]
}
"""
DOCKERS = """\
{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}}
  ]
}
"""
OBJECTS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: other}
---
apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata: {name: cart}
spec:
  defaultAction: SCMP_ACT_ERRNO
  syscalls:
  - action: SCMP_ACT_ALLOW
    names: [read, io_uring_setup]
"""


def written(folder: Path, text: str, name: str = "cart.json") -> Path:
    file = folder / name
    file.write_text(text)
    return file


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(seccomp: Run, name: str) -> None:
    long, short = seccomp("profile", name, "--help"), seccomp("profile", name, "-h")

    assert long == short
    assert long.status == 0
    assert f"  {name}  " in seccomp("profile", "--help").out
    examples = re.findall(r"^ +seccomp-webhook profile (\S+)", long.out, re.MULTILINE)
    assert examples
    assert set(examples) == {name}


def test_a_finding_is_one_line_with_file_line_runtimes_and_lint(seccomp: Run, tmp_path: Path) -> None:
    file = written(tmp_path, DOCKERS)
    ran = seccomp("profile", "lint", file)

    assert ran.status == 1
    assert (
        f'{file}:5: error: "includes" is not read here: the rule holds without that condition'
        " (containerd) [dropped-condition]\n"
    ) in ran.out
    assert ran.out.splitlines()[-1].startswith("Why, and what to do: seccomp-webhook explain ")


@pytest.mark.parametrize(("fail_on", "status"), [("error", 0), ("warning", 1), ("note", 1)])
def test_the_exit_status_follows_severity(seccomp: Run, tmp_path: Path, fail_on: str, status: int) -> None:
    file = written(tmp_path, WEAK)

    assert seccomp("profile", "lint", "--fail-on", fail_on, file).status == status


def test_of_one_runtime_only_its_findings_are_told(seccomp: Run, tmp_path: Path) -> None:
    file = written(tmp_path, DOCKERS)

    assert "dropped-condition" in seccomp("profile", "lint", "--runtime", "containerd+runc", file).out
    assert "dropped-condition" not in seccomp("profile", "lint", "--runtime", "docker+runc", file).out


@pytest.mark.parametrize("reader", ["containerd", "cri-o", "docker"])
def test_a_reader_alone_means_all_of_its_runtimes(seccomp: Run, tmp_path: Path, reader: str) -> None:
    ran = seccomp("profile", "judge", "-o", "json", "--runtime", reader, written(tmp_path, STRICT))

    told = {runtime for each in json.loads(ran.out)["results"] for runtime in each["runtimes"]}
    assert told == {str(each) for each in RUNTIMES if each.reader == reader}


def test_the_container_decides(seccomp: Run, tmp_path: Path) -> None:
    file = written(tmp_path, DOCKERS)
    asked = ["profile", "verdict", "--runtime", "docker+runc"]

    assert ": ERRNO 1 (EPERM)" in seccomp(*asked, file, "mount").out
    assert f": ALLOW ({file}:5)" in seccomp(*asked, "--cap-add", "sys_admin", file, "mount").out
    assert ": ERRNO" in seccomp(*asked, "--cap-add", "SYS_ADMIN", "--cap-drop", "ALL", "--cap-drop",
                                "SYS_ADMIN", file, "mount").out  # fmt: skip


def test_folders_and_objects_are_read(seccomp: Run, tmp_path: Path) -> None:
    written(tmp_path, STRICT)
    written(tmp_path, OBJECTS, "objects.yaml")
    written(tmp_path, "kind: Pod\napiVersion: v1\n", "pod.yaml")
    ran = seccomp("profile", "lint", "-o", "json", tmp_path)

    report = json.loads(ran.out)
    assert (report["kind"], report["errors"], ran.err) == ("ProfileLintReport", [], "")
    assert [Path(each["file"]).name for each in report["results"]] == ["cart.json", "objects.yaml"]
    found = [each for each in report["results"][1]["findings"] if each["lint"] == "allows-io-uring"]
    assert [(each["line"], each["runtimes"]) for each in found] == [(11, [str(each) for each in RUNTIMES])]
    assert sum(report["summary"]["findings"].values()) == sum(len(r["findings"]) for r in report["results"])


LISTED = """\
apiVersion: v1
items:
- apiVersion: security-profiles-operator.x-k8s.io/v1beta1
  kind: SeccompProfile
  metadata: {name: cart}
  spec: {defaultAction: SCMP_ACT_ERRNO}
- apiVersion: security-profiles-operator.x-k8s.io/v1beta1
  kind: SeccompProfile
  metadata: {name: till}
  spec:
    defaultAction: SCMP_ACT_ERRNO
    syscalls:
    - action: SCMP_ACT_ALLOW
      names: [read, io_uring_setup]
kind: List
metadata: {resourceVersion: ""}
"""


def json_of(text: str) -> str:
    return json.dumps(yaml.safe_load(text), indent=1)


@pytest.mark.parametrize(
    ("name", "text"), [("listed.yaml", LISTED), ("listed.json", json_of(LISTED))], ids=["yaml", "json"]
)
@pytest.mark.parametrize("kind", ["List", "SeccompProfileList"])
def test_a_list_as_kubectl_prints_it_is_its_objects(
    seccomp: Run, tmp_path: Path, name: str, text: str, kind: str
) -> None:
    text = text.replace("kind: List", f"kind: {kind}").replace('"kind": "List"', f'"kind": "{kind}"')
    ran = seccomp("profile", "lint", "-o", "json", written(tmp_path, text, name))

    report = json.loads(ran.out)
    found = [each for each in report["results"][-1]["findings"] if each["lint"] == "allows-io-uring"]
    assert len(report["results"]) == 2
    assert report["errors"] == []
    rule = text.index("- action" if name.endswith("yaml") else '{\n      "action"')
    assert found[0]["line"] == text.count("\n", 0, rule) + 1


def test_a_profile_with_items_beside_its_rules_is_a_profile(seccomp: Run, tmp_path: Path) -> None:
    disguised = json.loads(WEAK) | json.loads(json_of(LISTED))
    ran = seccomp("profile", "lint", "-o", "json", written(tmp_path, json.dumps(disguised)))

    (result,) = json.loads(ran.out)["results"]
    assert "default-allow" in {each["lint"] for each in result["findings"]}


def test_sarif_is_what_it_promises(seccomp: Run, tmp_path: Path) -> None:
    file = written(tmp_path, WEAK, "my cart%.json")
    broken = written(tmp_path, "{", "broken.json")
    ran = seccomp("profile", "lint", "-o", "sarif", tmp_path)

    run = read_sarif(ran.out)
    assert ran.status == 2
    assert {each.rule_id for each in run.results} >= {"default-allow", "half-denied"}
    assert run.results[0].locations[0].physical_location.artifact_location.uri == (
        f"file://{file}".replace(" ", "%20").replace("%.", "%25.")
    )
    assert not run.invocations[0].execution_successful
    [problem] = run.invocations[0].tool_execution_notifications
    assert str(broken).endswith(problem.locations[0].physical_location.artifact_location.uri[-11:])


def test_reports_go_to_files_together(seccomp: Run, tmp_path: Path) -> None:
    file, sarif, text = written(tmp_path, WEAK), tmp_path / "a.sarif", tmp_path / "a.txt"
    ran = seccomp("profile", "lint", "-o", f"sarif={sarif}", "-o", f"text={text}", "-o", "json", file)

    assert read_sarif(sarif.read_text()).results
    assert "[default-allow]" in text.read_text()
    assert json.loads(ran.out)["kind"] == "ProfileLintReport"


def test_standard_input_is_read(seccomp: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with written(tmp_path, WEAK).open() as file:
        monkeypatch.setattr("sys.stdin", file)
        ran = seccomp("profile", "lint")

    assert "-:2: warning:" in ran.out


def test_a_deny_list_is_weaker_than_the_default(seccomp: Run, tmp_path: Path) -> None:
    file = written(tmp_path, WEAK)
    ran = seccomp("profile", "judge", "--runtime", "containerd+runc", file)

    assert ran.status == 1
    assert ran.out.startswith(f"{file} on containerd+runc: ")
    assert "kernel code: puts code into the kernel, or takes it out\n" in ran.out
    assert max(map(len, ran.out.splitlines()[1:])) <= 110


def test_a_short_allow_list_is_stricter(seccomp: Run, tmp_path: Path) -> None:
    ran = seccomp("profile", "judge", "-o", "json", written(tmp_path, STRICT))

    report = json.loads(ran.out)
    assert ran.status == 0
    assert {each["class"] for each in report["results"]} == {"stricter"}
    assert all("execve" in each["closes"] for each in report["results"])


def test_a_profile_that_does_not_start_is_told_with_the_runtimes_words(seccomp: Run, tmp_path: Path) -> None:
    file = written(tmp_path, STRICT.replace('"SCMP_ACT_ERRNO",', '"SCMP_ACT_NO",'))
    ran = seccomp("profile", "judge", "--runtime", "containerd+runc", file)

    assert ran.status == 1
    assert "does not start" in ran.out
    assert "SCMP_ACT_NO" in ran.out
    assert seccomp("profile", "verdict", file, "read").status == 1
    assert seccomp("profile", "diff", file, file).status == 1


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (["read"], "read(0) on all runtimes: ALLOW ({file}:4)\n"),
        (["0"], "read(0) on all runtimes: ALLOW ({file}:4)\n"),
        (["socket", "2", "1"], "socket(2, 1) on all runtimes: ALLOW ({file}:5)\n"),
        (["socket", "0x28"], "socket(40) on all runtimes: ERRNO 1 (EPERM) (the default action)\n"),
        (
            ["socket", "-1"],
            "socket(0xffffffffffffffff) on all runtimes: ERRNO 1 (EPERM) (the default action)\n",
        ),
        (
            ["getpid@x86"],
            "getpid(0)@x86 on all runtimes: KILL_THREAD (this architecture is not in the filter)\n",
        ),
    ],
)  # fmt: skip
def test_a_call_is_answered_with_its_line(seccomp: Run, tmp_path: Path, call: list[str], answer: str) -> None:
    file = written(tmp_path, STRICT)
    ran = seccomp("profile", "verdict", file, *call)

    assert (ran.status, ran.err) == (0, "")
    assert ran.out == answer.format(file=file)


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (["raed"], 'x86_64 has no call "raed"; did you mean read'),
        (["read@arm65"], 'No architecture "arm65"; did you mean arm?'),
        (["read", "many"], '"many" is no number such as 40 or 0x28.'),
        (["read", "2" * 20], f"{'2' * 20} is more than 64 bits hold."),
        (["read", *"1234567"], "A call has at most 6 arguments."),
    ],
)
def test_a_call_that_is_none_is_wrong_use(
    seccomp: Run, tmp_path: Path, call: list[str], complaint: str
) -> None:
    ran = seccomp("profile", "verdict", written(tmp_path, STRICT), *call)

    assert (ran.status, ran.out) == (2, "")
    assert complaint in ran.err


def test_form_and_order_make_no_difference(seccomp: Run, tmp_path: Path) -> None:
    one = written(tmp_path, STRICT)
    profile = json.loads(STRICT)
    profile["syscalls"].reverse()
    profile["comment"] = "the same"
    other = written(tmp_path, json.dumps(profile), "other.json")

    assert seccomp("profile", "diff", one, other) == (0, "on all runtimes: the same\n", "")


def test_what_another_profile_opens_and_closes_is_told_with_lines(seccomp: Run, tmp_path: Path) -> None:
    one, other = written(tmp_path, STRICT), written(tmp_path, STRICT.replace('"read"', '"mount"'), "b.json")
    ran = seccomp("profile", "diff", one, other)

    assert ran.status == 1
    assert f"  + mount: ERRNO 1 (EPERM) (the default action) -> ALLOW ({other}:4)\n" in ran.out
    assert f"  - read: ALLOW ({one}:4) -> ERRNO 1 (EPERM) (the default action)\n" in ran.out
    assert json.loads(seccomp("profile", "diff", "-o", "json", one, other).out)["results"][0]["same"] is False


def test_a_union_lets_through_what_either_does(seccomp: Run, tmp_path: Path) -> None:
    one, other = written(tmp_path, STRICT), written(tmp_path, STRICT.replace('"read"', '"mount"'), "b.json")
    both, common = tmp_path / "both.json", tmp_path / "common.json"

    assert seccomp("profile", "merge", one, other, "-o", both) == (0, "", "")
    assert seccomp("profile", "merge", "--intersection", one, other, "-o", common) == (0, "", "")
    assert "  + mount: " in seccomp("profile", "diff", one, both).out
    assert "  - " not in seccomp("profile", "diff", one, both).out
    assert "  - read: " in seccomp("profile", "diff", one, common).out
    assert "  + " not in seccomp("profile", "diff", one, common).out


def test_what_no_profile_says_exactly_is_not_written(seccomp: Run, tmp_path: Path) -> None:
    one, other = written(tmp_path, STRICT), written(tmp_path, DOCKERS, "b.json")
    ran = seccomp("profile", "merge", one, other, "-o", tmp_path / "both.json")

    assert ran.status == 1
    assert ran.err.startswith("Nothing is written: no profile is exactly that.\n  mount: not the same on ")
    assert not (tmp_path / "both.json").exists()


def test_a_profile_is_converted_exactly_or_not_at_all(seccomp: Run, tmp_path: Path) -> None:
    file, plain = written(tmp_path, DOCKERS), written(tmp_path, STRICT, "b.json")
    refused = seccomp("profile", "convert", "--to", "oci", file)
    decided = seccomp("profile", "convert", "--to", "oci", "--decide", "--runtime", "docker+runc", file)

    assert (refused.status, refused.out) == (1, "")
    assert "  line 5: syscalls[1].includes: " in refused.err
    assert [rule["names"] for rule in json.loads(decided.out)["syscalls"]] == [["read"]]
    assert json.loads(seccomp("profile", "convert", "--to", "docker", plain).out) == json.loads(STRICT)


def test_an_object_in_yaml_is_converted(seccomp: Run, tmp_path: Path) -> None:
    file = written(tmp_path, OBJECTS, "objects.yaml")

    profile = json.loads(seccomp("profile", "convert", "--to", "oci", file).out)
    assert profile["syscalls"][0]["names"] == ["read", "io_uring_setup"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["lint", "--cap-add", "SYS_ADMN", "x"], '"SYS_ADMN"; did you mean SYS_ADMIN'),
        (["lint", "--kernel", "new", "x"], '"new" is no version such as 6.12.'),
        (["lint", "--runtime", "rkt", "x"], "Invalid value for '--runtime'"),
        (["lint", "-o", "xml", "x"], 'no format "xml"; known are json, sarif, text.'),
        (["lint", "-", "-"], "Standard input (-) can be read only once."),
        (["merge", "x"], "Name two files or more."),
        (["convert", "--to", "oci", "--decide", "x"], "--decide needs one --runtime"),
    ],
)
def test_wrong_use_is_told(seccomp: Run, arguments: list[str], complaint: str) -> None:
    ran = seccomp("profile", *arguments)

    assert (ran.status, ran.out) == (2, "")
    assert complaint in ran.err


@pytest.mark.parametrize("command", [["lint"], ["judge"], ["convert", "--to", "oci"]])
def test_a_missing_file_is_told(seccomp: Run, tmp_path: Path, command: list[str]) -> None:
    ran = seccomp("profile", *command, tmp_path / "missing.json")

    assert ran.status == 2
    assert f"{tmp_path}/missing.json: cannot read this: there is no such file\n" in ran.err
