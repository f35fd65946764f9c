"""``certs`` on a folder; what it does in a cluster is in ``tests/e2e/test_certificates.py``."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.cli.conftest import Run
from tests.cli.processes import started
from webhook.cli.commands import certs


@pytest.fixture
def folder(tmp_path: Path, seccomp: Run) -> Path:
    made = tmp_path / "made"
    assert seccomp("certs", "init", "--dir", made).status == 0
    return made


@pytest.mark.parametrize("name", certs.NAMES)
def test_every_command_and_all_of_its_options_have_help(seccomp: Run, name: str) -> None:
    ran = seccomp("certs", name, "--help")
    command = certs.command.get_command(None, name)  # type: ignore[arg-type]  # not looked at

    assert ran.status == 0
    assert ran.out.startswith(f"Usage: seccomp-webhook certs {name} ")
    assert command
    assert all(getattr(each, "help", None) for each in command.params if each.param_type_name == "option")


def test_a_command_that_is_not_there_is_answered_with_one_that_is(seccomp: Run) -> None:
    ran = seccomp("certs", "shwo")

    assert ran.status == 2
    assert 'No command "shwo"; did you mean show?' in ran.err


def test_what_is_there_is_never_replaced(folder: Path, seccomp: Run) -> None:
    before = (folder / "serving" / "tls.crt").read_bytes()
    again = seccomp("certs", "init", "--dir", folder)

    assert again.status == 2
    assert "is not empty; certs show says what is in it" in again.err
    assert (folder / "serving" / "tls.crt").read_bytes() == before


def test_show_says_what_is_served_and_that_nothing_is_due(folder: Path, seccomp: Run) -> None:
    text = seccomp("certs", "show", "--dir", folder)
    report = json.loads(seccomp("certs", "show", "--dir", folder, "-o", "json").out)

    assert text.status == 0
    assert text.out.startswith("Serving: seccomp-webhook.seccomp-webhook.svc, until ")
    assert "Trusted (signer): CN=seccomp-webhook authority " in text.out
    assert (report["kind"], report["due"], report["problems"]) == ("CertificateReport", [], [])
    assert report["serving"]["hasBundle"]


def test_show_says_why_something_is_due(folder: Path, seccomp: Run) -> None:
    ran = seccomp("certs", "show", "--dir", folder, "--name", "more.example.com")

    assert "Due: follow: the authority may not vouch for more.example.com" in ran.out


def test_show_reads_a_file_of_certificates(folder: Path, seccomp: Run, tmp_path: Path) -> None:
    good = seccomp("certs", "show", folder / "serving" / "ca.crt")
    half = tmp_path / "half.pem"
    half.write_bytes((folder / "serving" / "ca.crt").read_bytes()[:100])
    bad = seccomp("certs", "show", half)

    assert good.out.startswith("CN=seccomp-webhook authority ")
    assert (bad.status, bad.err) == (2, f"Error: {half}: no certificates in PEM\n")
    assert seccomp("certs", "show", tmp_path / "none").err.endswith("none: No such file or directory\n")


def test_show_says_what_cannot_be_read(folder: Path, seccomp: Run) -> None:
    (folder / "authority" / "..data" / "ca.key").write_bytes(b"")
    ran = seccomp("certs", "show", "--dir", folder)

    assert ran.status == 2
    assert "ca.key: no private key in PEM that is open; put back what was there" in ran.out


def test_a_leaf_is_renewed_early_and_an_authority_waits_until_it_is_trusted(
    folder: Path, seccomp: Run
) -> None:
    before = (folder / "serving" / "tls.crt").read_bytes()
    leaf = seccomp("certs", "rotate", "--dir", folder, "--force", "leaf")
    after = (folder / "serving" / "tls.crt").read_bytes()
    authority = seccomp("certs", "rotate", "--dir", folder, "--force", "ca")

    assert leaf.out.startswith(
        "made a serving certificate for seccomp-webhook.seccomp-webhook.svc: it was asked"
    )
    assert before != after
    assert "the bundle is everywhere; the soak begins" in authority.out
    assert (folder / "serving" / "tls.crt").read_bytes() == after
    assert (folder / "serving" / "ca.crt").read_bytes().count(b"BEGIN") == 2
    assert "Trusted (next): " in seccomp("certs", "show", "--dir", folder).out


def test_a_round_where_nothing_is_due_says_and_changes_nothing(folder: Path, seccomp: Run) -> None:
    ran = seccomp("certs", "rotate", "--dir", folder)

    assert (ran.status, ran.out, ran.err) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--soak", "1m"], "the soak must be at least 2 minutes"),
        (["--soak", "soon"], "'soon' is no length of time such as 90s, 3m, 12h or 60d."),
        (["--leaf-lifetime", "1d"], "a leaf must live at least 7 days"),
        (["--name", "not a name"], "'not a name' is neither a host name nor an IP address."),
        (["--from-secret", "a"], "Whoever makes the certificates"),
        (["--validating", "a"], "This is not in a cluster: name one with --kubeconfig FILE or $KUBECONFIG."),
    ],
)
def test_wrong_use_says_what_is_right(
    seccomp: Run, tmp_path: Path, arguments: list[str], complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    ran = seccomp("certs", "init", "--dir", tmp_path / "new", *arguments)

    assert ran.status == 2
    assert complaint in ran.err
    assert not (tmp_path / "new").exists()


def test_options_are_variables_of_the_environment_too(
    seccomp: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECCOMP_WEBHOOK_CERTS_DIR", str(tmp_path / "env"))
    monkeypatch.setenv("SECCOMP_WEBHOOK_CERTS_NAMESPACE", "security")

    assert "for seccomp-webhook.security.svc: " in seccomp("certs", "init").out


@pytest.fixture
def controller(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    process = started(["certs", "run", "--dir", folder, "--metrics-address=127.0.0.1", "--metrics-port=0"])
    assert process.stdout
    try:
        line = json.loads(process.stdout.readline())
        yield process, int(line["message"].rpartition(" ")[2])
    finally:
        process.kill()
        process.communicate()


def test_the_controller_tells_how_things_are_and_ends_in_order(
    controller: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = controller

    def page(name: str) -> str:
        with urlopen(f"http://127.0.0.1:{port}/{name}", timeout=10) as answer:
            return str(answer.read().decode())

    until = time.monotonic() + 30
    while "not_after_timestamp_seconds{" not in (metrics := page("metrics")):
        assert time.monotonic() < until, metrics
        time.sleep(0.05)
    assert 'seccomp_webhook_certificate_not_after_timestamp_seconds{kind="ca"} ' in metrics
    assert (page("livez"), page("readyz")) == ("ok\n", "ok\n")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    last = json.loads(out.splitlines()[-1])
    assert (process.returncode, err) == (0, b"")
    assert (last["severity"], last["event"]) == ("info", "stop")
