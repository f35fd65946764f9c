"""``check``: statuses, streams, reports."""

import json
import os
import pty
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.processes import ended, started
from tests.reports.contract import read_report

EXAMPLES = Path(__file__).parents[2] / "examples"
REFUSED, ALLOWED = EXAMPLES / "pod-refused.yaml", EXAMPLES / "pod-allowed.yaml"
BROKEN = "a: ["


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    file = tmp_path / "broken.yaml"
    file.write_text(BROKEN)
    return file


def test_the_status_is_0_where_everything_conforms(seccomp: Run) -> None:
    assert seccomp("check", ALLOWED) == (0, "1 object, 1 pod: all conform to restricted:latest\n", "")


def test_the_status_is_1_where_something_violates(seccomp: Run) -> None:
    ran = seccomp("check", REFUSED, ALLOWED)

    assert (ran.status, ran.err) == (1, "")
    assert "2 objects, 2 pods: 1 denied, 1 allowed\n" in ran.out


def test_the_status_is_2_where_something_could_not_be_read(seccomp: Run, broken: Path) -> None:
    ran = seccomp("check", broken, REFUSED)

    assert ran.status == 2
    assert ran.err.startswith(f"{broken}:")
    assert "1 object, 1 pod: 1 denied, 0 allowed; 1 error\n" in ran.out
    assert str(broken) not in ran.out


@pytest.mark.parametrize(("level", "status"), [("restricted", 1), ("baseline", 0), ("privileged", 0)])
def test_the_level_can_be_chosen(seccomp: Run, level: str, status: int) -> None:
    assert seccomp("check", "--level", level, REFUSED).status == status


def test_the_version_can_be_chosen(seccomp: Run) -> None:
    ran = seccomp("check", "--version", "v1.7", "-o", "json", REFUSED)

    [result] = read_report(ran.out).results
    assert result.version == "v1.7"
    assert [each.control for each in result.violations] == ["runAsNonRoot"]


def test_a_version_that_is_not_known_yet_is_taken_as_the_newest(seccomp: Run) -> None:
    assert '"restricted:v1.99"' in seccomp("check", "--version", "v1.99", "-o", "json", REFUSED).out.replace(
        '\\"', '"'
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--level", "Baseline"], "'Baseline' is not one of 'privileged', 'baseline', 'restricted'"),
        (["--version", "1.29"], '"1.29": must be "latest" or "v1.x".'),
        (["--version", "v1.029"], '"v1.029": must be "latest" or "v1.x".'),
        (["-o", "jsno"], 'no format "jsno"; did you mean json?'),
        (["-o", "yaml"], 'no format "yaml"; known are json, text.'),
        (["-o", "json="], '"json=" names no file.'),
        (["-o", "json", "-o", "text"], "two reports to standard output"),
        (["-o", "json=a", "-o", "text=./a"], "two reports to a;"),
        (["-", "-"], "Standard input (-) can be read only once."),
        (["--config", "missing.yaml"], "missing.yaml: cannot read this: there is no such file"),
    ],
)
def test_wrong_use_is_one_sentence(seccomp: Run, arguments: list[str], complaint: str) -> None:
    ran = seccomp("check", *arguments, REFUSED)

    assert ran.status == 2
    assert ran.out == ""
    assert complaint in ran.err.splitlines()[-1]


def test_standard_input_is_read_where_it_is_asked_for_or_nothing_is_named() -> None:
    for paths in (["-"], []):
        ran = ended(started(["check", "-o", "json", *paths]), REFUSED.read_bytes())

        assert ran.status == 1
        assert read_report(ran.out).results[0].source.line == 2


def test_nothing_to_read_is_no_success() -> None:
    # As from a program that failed, in a pipeline.
    ran = ended(started(["check", "-"]))

    assert ran.status == 2
    assert ran.err == "-: no Kubernetes object in here\n"


def test_without_paths_a_terminal_gets_help() -> None:
    terminal, end = pty.openpty()
    process = started(["check"], stdin=end)
    os.close(end)
    ran = ended(process)
    os.close(terminal)

    assert ran.status == 2
    assert ran.err.endswith("Nothing to check: name files or folders, or - for standard input.\n")


def test_several_reports_go_to_several_places(seccomp: Run, tmp_path: Path, broken: Path) -> None:
    report, text = tmp_path / "report.json", tmp_path / "report.txt"
    ran = seccomp("check", "-o", "text", "-o", f"json={report}", "-o", f"text={text}", REFUSED, broken)

    errors = read_report(report.read_text()).errors
    assert [each.file for each in errors] == [str(broken)]
    assert ran.err == f"{broken}:{errors[0].line}: {errors[0].message}\n"
    assert ran.out in text.read_text().replace(ran.err, "")
    assert ran.err in text.read_text()


def test_a_report_takes_the_place_of_an_older_one_with_its_rights(seccomp: Run, tmp_path: Path) -> None:
    report, link = tmp_path / "report.json", tmp_path / "link.json"
    report.write_text("older")
    report.chmod(0o640)
    link.symlink_to(report)
    seccomp("check", "-o", f"json={link}", REFUSED)

    assert read_report(report.read_text()).summary.denied == 1
    assert stat.S_IMODE(report.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, report]


def test_a_new_report_can_be_read_by_whom_the_user_lets(seccomp: Run, tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        seccomp("check", "-o", f"json={tmp_path}/report.json", REFUSED)
    finally:
        os.umask(mask)

    assert stat.S_IMODE((tmp_path / "report.json").stat().st_mode) == 0o640


def test_a_report_can_go_to_a_device(seccomp: Run) -> None:
    assert seccomp("check", "-o", "json=/dev/null", REFUSED) == (1, "", "")


def test_a_file_that_is_open_as_a_device_is_added_to(tmp_path: Path) -> None:
    with (tmp_path / "out").open("ab", buffering=0) as out:
        out.write(b"before\n")
        ended(started(["check", "-o", "text=/dev/stdout", ALLOWED], stdout=out))

    assert (tmp_path / "out").read_text() == "before\n1 object, 1 pod: all conform to restricted:latest\n"


@pytest.mark.parametrize("place", ["missing/report.json", "."])
def test_a_place_that_cannot_be_written_is_told_before_the_work(
    seccomp: Run, tmp_path: Path, place: str
) -> None:
    ran = seccomp("check", "-o", f"json={tmp_path}/{place}", REFUSED)

    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith(f"Error: {tmp_path}/{place}: ")


def test_a_full_disk_is_one_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        ran = ended(started(["check", REFUSED], stdout=full))

    assert (ran.status, ran.err) == (2, "Error: No space left on device\n")


def test_a_reader_who_leaves_is_not_complained_to(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number}.yaml").write_bytes(REFUSED.read_bytes())
    process = started(["check", tmp_path])
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    process.stdout = None

    assert ended(process) == (141, "", "")


def test_an_interrupt_ends_it_without_a_word(tmp_path: Path) -> None:
    process = started(["check", "-o", f"json={tmp_path}/report.json", "-", REFUSED])
    while not list(tmp_path.iterdir()):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=60) == 130
    assert ended(process).err == ""
    assert list(tmp_path.iterdir()) == []


def test_a_bug_is_one_sentence_and_the_rest_is_judged(seccomp: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise KeyError("oops")

    monkeypatch.setattr("webhook.cli.examination.with_defaults", broken)
    ran = seccomp("check", REFUSED)

    assert ran.status == 2
    assert ran.err == f"{REFUSED}:2: internal error, please report it: KeyError: 'oops'\n"


@pytest.mark.parametrize(
    ("environment", "is_terminal", "has_color"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_color_is_for_terminals(environment: dict[str, str], is_terminal: bool, has_color: bool) -> None:  # noqa: FBT001 - of a case
    variables = {"NO_COLOR": "", "FORCE_COLOR": "", "TERM": "xterm", **environment}
    if is_terminal:
        terminal, end = pty.openpty()
        ended(started(["check", REFUSED], environment=variables, stdout=end))
        os.close(end)
        out = "".join(read_all(terminal))
    else:
        out = ended(started(["check", REFUSED], environment=variables)).out

    assert ("\x1b[" in out) is has_color


def read_all(terminal: int) -> Iterator[str]:
    try:
        while data := os.read(terminal, 1 << 16):
            yield data.decode()
    except OSError:  # how a terminal says that nobody writes to it any more
        os.close(terminal)


def test_every_line_of_the_report_points_at_the_field(seccomp: Run) -> None:
    file = EXAMPLES / "deployment-refused.yaml"
    lines = file.read_text().splitlines()
    [result] = read_report(seccomp("check", "-o", "json", file).out).results
    fields = [field for each in result.violations for field in each.fields]

    assert len(fields) >= 9
    for field in fields:
        name = field.path.rpartition(".")[2].partition("[")[0]
        if field.value is not None:
            assert name in lines[field.line - 1]


@pytest.mark.parametrize(
    ("exemptions", "kind"),
    [({"namespaces": ["shop"]}, "namespace"), ({"runtimeClasses": ["gvisor"]}, "runtime class")],
)
def test_exemptions_apply(seccomp: Run, tmp_path: Path, exemptions: dict[str, list[str]], kind: str) -> None:
    config, pod = tmp_path / "config.json", tmp_path / "pod.yaml"
    config.write_text(
        json.dumps(
            {
                "apiVersion": "pod-security.admission.config.k8s.io/v1",
                "kind": "PodSecurityConfiguration",
                "exemptions": exemptions,
            }
        )
    )
    pod.write_text(f"{REFUSED.read_text()}  runtimeClassName: gvisor\n")
    ran = seccomp("check", "--config", config, "-o", "json", pod)

    [result] = read_report(ran.out).results
    assert ran.status == 0
    assert result.message.startswith(f"exempt: {kind} ")
    assert seccomp("check", "--config", config, pod).out == (
        "1 object, 1 pod: all conform to restricted:latest (1 exempt)\n"
    )


def test_a_pod_that_names_no_namespace_is_in_default(seccomp: Run, tmp_path: Path) -> None:
    config, pod = tmp_path / "config.yaml", tmp_path / "pod.yaml"
    config.write_text(
        "apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\n"
        "exemptions: {namespaces: [default]}\n"
    )
    pod.write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a}]}\n")

    assert seccomp("check", "--config", config, pod).status == 0


def test_defaults_of_a_configuration_do_not_change_the_level(seccomp: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\n"
        "defaults: {enforce: privileged, enforce-version: v1.0}\n"
    )

    assert "restricted:latest" in seccomp("check", "--config", config, REFUSED).out


def test_a_configuration_may_name_another_file(seccomp: Run, tmp_path: Path) -> None:
    (tmp_path / "admission.yaml").write_text(
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n"
        "plugins: [{name: PodSecurity, path: plugin.yaml}]\n"
    )
    plugin = tmp_path / "plugin.yaml"
    plugin.write_text(
        "apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\n"
        "exemptions: {namespaces: [shop]}\n"
    )
    assert seccomp("check", "--config", tmp_path / "admission.yaml", REFUSED).status == 0

    plugin.write_text("apiVersion: v1\nkind: Pod\n")
    ran = seccomp("check", "--config", tmp_path / "admission.yaml", REFUSED)
    assert ran.status == 2
    assert f"{plugin}: " in ran.err


def test_the_other_file_is_never_standard_input(
    seccomp: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("admission.yaml").write_text(
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n"
        "plugins: [{name: PodSecurity, path: '-'}]\n"
    )

    ran = seccomp("check", "--config", "admission.yaml", REFUSED)

    assert ran.status == 2
    assert f"{tmp_path}/-: cannot read this: there is no such file" in ran.err


def test_thousands_of_ports_are_reported(seccomp: Run, tmp_path: Path) -> None:
    # More than a minute where each is looked for among all.
    ports = "".join(f"    - containerPort: {port}\n" for port in range(1, 16_000))
    file = tmp_path / "pod.yaml"
    file.write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostNetwork: true\n"
        f"  containers:\n  - name: a\n    ports:\n{ports}"
    )

    assert seccomp("check", "-o", "json", file).status == 1


def test_what_is_wrong_with_our_own_configuration_is_told_with_its_line(seccomp: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "apiVersion: seccomp-webhook.io/v1\nkind: Configuration\n"
        "mutation:\n  bundle: all\npodSecurity:\n  defaults:\n    enforce: strict\n"
    )

    ran = seccomp("check", "--config", config, REFUSED)

    assert ran.status == 2
    assert f"{config}:7: podSecurity.defaults.enforce: must be one of" in ran.err
    assert f"{config}:4: mutation.bundle: must be one of" in ran.err


def test_our_own_configuration_has_exemptions_too(seccomp: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "apiVersion: seccomp-webhook.io/v1\nkind: Configuration\n"
        "podSecurity: {exemptions: {namespaces: [shop]}}\n"
    )

    assert seccomp("check", "--config", config, REFUSED).status == 0


def test_exceptions_of_our_own_configuration_hold_here_too(seccomp: Run, tmp_path: Path) -> None:
    config, pods = tmp_path / "config.yaml", tmp_path / "pods.yaml"
    config.write_text(
        "apiVersion: seccomp-webhook.io/v1\nkind: Configuration\nexceptions:\n"
        "- name: clock\n  reason: it sets the clock\n  expires: 2999-12-31\n"
        "  match: {namespaces: [shop], workloads: [{kind: Deployment, name: clock}], containers: [clock]}\n"
        "  allow: [{control: capabilities_baseline, values: [SYS_TIME]}]\n"
        "- name: ended\n  reason: it set the clock\n  expires: 2020-01-01\n"
        "  match: {namespaces: [shop], workloads: [{kind: Deployment, name: cart}]}\n"
        "  allow: [{control: capabilities_baseline}]\n"
    )
    pods.write_text(
        "---\n".join(
            "apiVersion: apps/v1\nkind: Deployment\n"
            f"metadata: {{name: {name}, namespace: shop}}\nspec: {{selector: {{}}, template: {{spec: "
            "{containers: [{name: clock, image: a, securityContext: {capabilities: {add: [SYS_TIME]}}}]}}}\n"
            for name in ("clock", "cart")
        )
    )
    ran = seccomp("check", "--level", "baseline", "--config", config, "-o", "json", pods)

    allowed, denied = read_report(ran.out).results
    assert (allowed.allowed, allowed.exceptions, allowed.highest_level) == (True, ["clock"], "privileged")
    assert (denied.allowed, denied.exceptions) == (False, [])
    assert (
        "1 denied, 1 allowed (1 with exceptions)"
        in seccomp("check", "--level", "baseline", "--config", config, pods).out
    )


def test_only_the_selected_controls_are_asked(seccomp: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "apiVersion: seccomp-webhook.io/v1\nkind: Configuration\ncontrols: {only: [runAsNonRoot]}\n"
    )
    [result] = read_report(seccomp("check", "--config", config, "-o", "json", REFUSED).out).results

    assert [each.control for each in result.violations] == ["runAsNonRoot"]
    assert result.highest_level == "baseline"
