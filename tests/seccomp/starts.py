"""Profiles and what runtimes answer to them, as measured: the words, or None where the container starts."""

from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from webhook.seccomp.target import Loader, Reader, Runtime

RUNTIMES = {
    "runc 1.1.5": Runtime(Reader.CONTAINERD, Loader.RUNC, (2, 1), (1, 1, 5)),
    "runc 1.3.6": Runtime(Reader.CONTAINERD, Loader.RUNC, (2, 1), (1, 3, 6)),
    "crun 1.8.1": Runtime(Reader.CONTAINERD, Loader.CRUN, (2, 1), (1, 8, 1)),
}


class Start(NamedTuple):
    """A profile, and by runtime what it said; one that starts it and dies is not there."""

    name: str
    document: bytes
    said: dict[str, str | None]
    is_slow: bool = False


def _profile(case: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    if "profile" in case:
        return case["profile"]
    rules = [
        {
            "names": ["mkdir"],
            "action": "SCMP_ACT_ERRNO",
            "args": [
                {"index": at, "value": value + (at << 40), "op": "SCMP_CMP_EQ"}
                for at in range(case["arguments"])
            ],
        }
        for value in range(case["rules"])
    ]
    return {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": rules}


STARTS = tuple(
    Start(
        case["name"],
        msgspec.json.encode(_profile(case)),
        {name: case[name] for name in RUNTIMES if name in case},
        case.get("slow", False),
    )
    for case in msgspec.json.decode((Path(__file__).parent / "starts.json").read_bytes())
)
