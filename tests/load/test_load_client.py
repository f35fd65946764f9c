"""The client that servers are measured with: what it counts as answered, and as what else."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.load.conftest import Certify
from tests.load.misbehaving import (
    NO,
    YES,
    after,
    babbling,
    chunked,
    closing,
    cutting,
    misbehaving,
    saying,
)


def figures(program: Path, port: int, ca: Path, review: Path, *options: str) -> Any:  # noqa: ANN401 - JSON
    command = [
        *(program, "-address", f"127.0.0.1:{port}", "-ca", ca, "-body", review, "-warm", "0s"),
        *("-connections", "1", "-expect", "allow", *options),
    ]
    ended = subprocess.run(command, input="\n\n", capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - ours
    warm, found = map(json.loads, ended.stdout.splitlines())
    assert warm == {"state": "warm"}
    return found


def test_every_kind_of_failure_is_counted_as_itself(load_client: Path, tls: Path, review: Path) -> None:
    acts = [
        saying(YES),
        chunked,
        saying(NO),
        saying(b"broken", "500 Internal Server Error"),
        saying(YES, header="Connection: close\r\n"),
        closing,
        cutting,
        babbling,
        saying(YES, "503 Service Unavailable", "Connection: close\r\n"),
        after(3.0, closing),
        saying(YES),
    ]
    with misbehaving(tls, *acts) as server:
        found = figures(
            load_client,
            server.port,
            tls / "ca.crt",
            review,
            *("-requests", str(len(acts)), "-patience", "500ms"),
        )
    assert found["errors"] == {
        "verdict": 1,
        "status 500": 1,
        "status 503": 1,
        "closed": 1,
        "cut off": 1,
        "malformed answer": 1,
        "timeout": 1,
    }
    assert found["requests"] == len(acts) - 7
    assert sum(bucket["count"] for bucket in found["histogram"]) == found["requests"]


def test_a_server_that_is_not_there_is_a_failure_of_each_request(
    load_client: Path, tls: Path, review: Path
) -> None:
    with misbehaving(tls) as server:
        port = server.port
    found = figures(load_client, port, tls / "ca.crt", review, "-requests", "3")
    assert (found["requests"], found["errors"]) == (0, {"connect: refused": 3})


def test_a_certificate_of_another_authority_is_a_failure(
    load_client: Path, tls: Path, certify: Certify, review: Path
) -> None:
    with misbehaving(tls) as server:
        found = figures(load_client, server.port, certify("other") / "ca.crt", review, "-requests", "2")
    assert (found["requests"], found["errors"]) == (0, {"connect: certificate": 2})


def test_a_constant_rate_charges_a_stall_to_all_who_came_meanwhile(
    load_client: Path, tls: Path, review: Path
) -> None:
    # All twenty are due within 0.2 s; nobody is answered before 0.6 s have passed.
    with misbehaving(tls, after(0.6, saying(YES))) as server:
        found = figures(
            load_client, server.port, tls / "ca.crt", review, *("-requests", "20", "-rate", "100")
        )
    assert (found["requests"], found["errors"]) == (20, {})
    assert found["latency"]["p50"] > 400
