"""The client that behaves as the API server does: what it counts, and that it follows the authority."""

import json
import ssl
import subprocess
from pathlib import Path
from typing import Any

from tests.load.conftest import Certify
from tests.load.misbehaving import NO, YES, after, babbling, closing, cutting, misbehaving, saying


def figures(program: Path, mode: str, port: int, ca: Path, review: Path, *options: str | Path) -> Any:  # noqa: ANN401 - JSON
    command = [
        *(program, mode, "-url", f"https://localhost:{port}/validate", "-ca", ca, "-body", review),
        *("-expect", "allow", *options),
    ]
    return json.loads(subprocess.run(command, capture_output=True, timeout=60, check=True).stdout)  # noqa: S603 - ours


def test_every_kind_of_failure_is_counted_as_itself(api_server_client: Path, tls: Path, review: Path) -> None:
    acts = [
        saying(YES),
        saying(NO),
        saying(YES, "503 Service Unavailable"),
        closing,
        cutting,
        babbling,
        after(3.0, closing),
        saying(YES),
    ]
    with misbehaving(tls, *acts) as server:
        found = figures(
            *(api_server_client, "steady", server.port, tls / "ca.crt", review),
            *("-requests", str(len(acts)), "-concurrency", "1", "-patience", "500ms"),
        )
    assert found["errors"] == {
        "verdict": 1,
        "status 503": 1,
        "closed": 1,
        "cut off": 1,
        "malformed answer": 1,
        "timeout": 1,
    }
    assert found["requests"] == 2
    assert {each["kind"] for each in found["failures"]} == set(found["errors"])


def test_nobody_there_and_nobody_trusted_are_told_apart(
    api_server_client: Path, tls: Path, certify: Certify, review: Path
) -> None:
    once = ("-requests", "2", "-concurrency", "1")
    with misbehaving(tls) as server:
        other = certify("other") / "ca.crt"
        found = figures(api_server_client, "steady", server.port, other, review, *once)
        assert found["errors"] == {"certificate": 2}
    found = figures(api_server_client, "steady", server.port, tls / "ca.crt", review, *once)
    assert found["errors"] == {"refused": 2}


def test_a_new_authority_is_read_and_asked_with_new_connections(
    api_server_client: Path, certify: Certify, tmp_path: Path, review: Path
) -> None:
    old, new = certify("old"), certify("new")
    bundle = tmp_path / "bundle.crt"
    bundle.write_bytes((old / "ca.crt").read_bytes())

    def rotating(connection: ssl.SSLSocket) -> bool:
        fresh = tmp_path / "fresh.crt"
        fresh.write_bytes((new / "ca.crt").read_bytes())
        fresh.replace(bundle)
        server.serve_with(new)
        return saying(YES)(connection)

    with misbehaving(old, saying(YES), saying(YES), rotating) as server:
        found = figures(
            *(api_server_client, "steady", server.port, bundle, review),
            *("-requests", "8", "-concurrency", "1", "-new", "0.5"),
        )
    assert (found["requests"], found["errors"], found["authorities"]) == (8, {}, 1)


def test_new_connections_go_where_the_list_of_endpoints_says_by_then(
    api_server_client: Path, tls: Path, tmp_path: Path, review: Path
) -> None:
    endpoints = tmp_path / "endpoints"

    def leaving(connection: ssl.SSLSocket) -> bool:
        endpoints.write_text(f"127.0.0.1:{other.port}\n")
        return saying(YES, header="Connection: close\r\n")(connection)

    with misbehaving(tls, saying(YES), leaving) as one, misbehaving(tls) as other:
        endpoints.write_text(f"127.0.0.1:{one.port}\n")
        found = figures(
            *(api_server_client, "steady", 1, tls / "ca.crt", review),
            *("-requests", "6", "-concurrency", "1", "-endpoints", endpoints),
        )
    assert (found["requests"], found["errors"]) == (6, {})
    assert (one.asked, other.asked) == (2, 4)


def test_a_connection_that_idled_too_long_is_replaced_without_an_error(
    api_server_client: Path, tls: Path, review: Path
) -> None:
    with misbehaving(tls, patience=0.3) as server:
        found = figures(
            *(api_server_client, "gaps", server.port, tls / "ca.crt", review),
            *("-requests", "9", "-concurrency", "3", "-around", "1200ms", "-spread", "0.1"),
        )
    assert (found["requests"], found["errors"], found["connections"]) == (9, {}, 9)


def test_those_who_misbehave_are_there_before_good_requests_are_timed(
    api_server_client: Path, tls: Path, review: Path
) -> None:
    kinds = ("stalled-handshakes", "stalled-bodies", "idle", "idle-tls", "never-closing", "trickling")
    with misbehaving(tls, patience=1.0) as server:
        found = figures(
            *(api_server_client, "hostile", server.port, tls / "ca.crt", review),
            *("-requests", "40", "-rate", "20", "-concurrency", "2", "-hold", "100ms"),
            *(word for kind in kinds for word in (f"-{kind}", "4")),
        )
    assert (found["requests"], found["errors"]) == (40, {})
    assert {kind: fate["ready"] for kind, fate in found["crowd"].items()} == dict.fromkeys(kinds, 4)
    assert found["crowd"]["stalled-handshakes"]["ended"] > 0
    assert found["crowd"]["never-closing"]["opened"] > 4
