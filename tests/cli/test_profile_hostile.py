"""Profiles that were made to do harm: refused or answered, in bounded time and memory, never a traceback."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.processes import MODULE, ended, started

RULE = '{"names": ["read"], "action": "SCMP_ACT_ALLOW"}'
MANY_NAMES = ", ".join(['"socket"', '"clone"', '"personality"'] * 1_500)
MANY_ARGUMENTS = ", ".join(
    f'{{"index": {number % 6}, "value": {number}, "op": "SCMP_CMP_NE"}}' for number in range(300)
)
HOSTILE = {
    "deep": b'{"syscalls": ' + b"[" * 200_000,
    "deep and closed": b'{"a": ' + b"[" * 9_000 + b"]" * 9_000 + b', "defaultAction": "SCMP_ACT_LOG"}',
    "duplicate keys": ("{" + '"defaultAction": "SCMP_ACT_ALLOW", ' * 10_000 + '"syscalls": []}').encode(),
    "unknown keys": json.dumps({f"key {number}": number for number in range(10_000)}).encode(),
    "many rules": f'{{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{",".join([RULE] * 4_000)}]}}'.encode(),
    "names times conditions": (
        '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"action": "SCMP_ACT_ALLOW", '
        f'"names": [{MANY_NAMES}], "args": [{MANY_ARGUMENTS}]}}]}}'
    ).encode(),
    "a long number": b'{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": ' + b"9" * 1_000_000 + b"}",
    "a long name": b'{"defaultAction": "' + b"A" * 3_000_000 + b'"}',
    "control characters": b'{"defaultAction": "\\u001b[2J\\u202e", "syscalls": [{"names": ["\\u0007"]}]}',
    "bytes that are no text": b'{"defaultAction": "\xff\xfe"}',
    "nothing": b"",
    "null": b"null",
    "a list": b"[1]",
    "an object of the operator that is none": b'{"kind": "SeccompProfile", "apiVersion": 1, "spec": []}',
}  # fmt: skip
ALIASES = "kind: SeccompProfile\na0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]\n" for at in range(1, 12)
)


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("command", [["lint"], ["judge"], ["convert", "--to", "docker"]], ids="/".join)
def test_what_is_hostile_gets_an_answer(
    seccomp: Run, tmp_path: Path, command: list[str], content: bytes
) -> None:
    file = tmp_path / "hostile.json"
    file.write_bytes(content)
    ran = seccomp("profile", *command, "--runtime", "containerd+runc", file)

    assert ran.status in {0, 1, 2}
    assert "internal error" not in ran.err
    assert "Traceback" not in ran.err
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.out + ran.err)
    assert len(ran.out) < 2_000_000 or command[0] == "convert"
    assert len(ran.err) < 100_000


def test_aliases_do_not_explode(seccomp: Run, tmp_path: Path) -> None:
    file = tmp_path / "hostile.yaml"
    file.write_text(ALIASES)

    assert seccomp("profile", "lint", file).status == 2


def test_100_megabytes_are_refused_in_bounded_memory(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    with file.open("wb") as large:
        large.write(b'{"defaultAction": "SCMP_ACT_ERRNO", "comment": "')
        large.truncate(100_000_000)
    limited = ["sh", "-c", 'ulimit -d 100000 && exec "$@"', "sh", *MODULE]  # KiB: less than it has
    ran = ended(started(["profile", "lint", file], program=limited))

    assert (ran.status, ran.out) == (2, "0 profiles: nothing to look at; 1 could not be read\n")
    assert ran.err == f"{file}:1: more than 16 MiB: this is no profile\n"
