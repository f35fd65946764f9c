"""The default profiles as files in Docker's dialect, which people copy from one runtime to another."""

import json
from importlib.resources import files
from typing import Any

from webhook.seccomp.dialects.dialect import Dialect
from webhook.seccomp.dialects.go_architectures import GO_NAME

_GO = GO_NAME[Dialect.DOCKER]


def docker_text(name: str) -> bytes:
    """The default profile of the data file *name*, with its conditions, one rule a line."""
    held = json.loads(files("webhook.seccomp").joinpath(f"data/runtime_defaults/{name}.json").read_bytes())
    head = {
        "defaultAction": held["default_action"],
        "defaultErrnoRet": held["default_errno"],
        "archMap": [
            {"architecture": native, "subArchitectures": others[1:]}
            for native, others in held["architectures"].items()
            if others and others[0] == native
        ],
    }
    rules = ",\n".join(json.dumps(_rule(each)) for each in held["rules"])
    return f'{json.dumps(head)[:-1]}, "syscalls": [\n{rules}\n]}}\n'.encode()


def _rule(held: dict[str, Any]) -> dict[str, Any]:
    arguments = [
        {"index": number, "value": value, "valueTwo": value_two, "op": op}
        for number, value, value_two, op in held.get("arguments", ())
    ]
    rule = {"names": held["names"], "action": held["action"], "args": arguments}
    if "errno" in held:
        rule["errnoRet"] = held["errno"]
    return rule | {key: _filter(held[key]) for key in ("includes", "excludes") if key in held}


def _filter(held: dict[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if "capabilities" in held:
        written["caps"] = held["capabilities"]
    if "architectures" in held:
        written["arches"] = [_GO[each] for each in held["architectures"]]
    if "kernel" in held:
        written["minKernel"] = ".".join(map(str, held["kernel"]))
    return written
