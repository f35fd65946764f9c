"""What commands print, kept in ``golden/``: ``python -m tests.cli.golden`` writes the files anew.

Read what changed before committing it: these files are how the output looks to its readers.
"""

import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.cli.processes import Ran, ended, started

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "golden"
_HERE = "tests/cli/manifests"
_PROFILES = "tests/cli/profiles"

SCENES = {
    "refused-pod": "check examples/pod-refused.yaml",
    "refused-deployment": "check examples/deployment-refused.yaml",
    "refused-at-baseline": "check --level baseline examples/deployment-refused.yaml",
    "allowed-pod": "check examples/pod-allowed.yaml",
    "allowed-at-baseline": "check --level baseline examples/pod-refused.yaml",
    "old-version": f"check --version v1.18 {_HERE}/annotated.yaml",
    "two-files": "check --level baseline examples/deployment-refused.yaml examples/pod-refused.yaml",
    "json": "check -o json examples/pod-refused.yaml examples/namespaces.yaml",
    "broken-beside-good": f"check {_HERE}/broken-beside-good.yaml {_HERE}/missing.yaml",
    "wrong-types": f"check -o json {_HERE}/wrong-types.yaml",
    "every-kind": f"check --level baseline {_HERE}/every-kind.yaml",
    "filled-in": f"check --level baseline {_HERE}/filled-in.yaml",
    "hostile-names": f"check --level baseline {_HERE}/hostile-names.yaml",
    "profiles": f"check --level privileged --profiles {_HERE}/profiles {_HERE}/profiles.yaml",
    "exempt": f"check --config {_HERE}/exemptions.yaml {_HERE}/every-kind.yaml",
    "bad-config": f"check --config {_HERE}/bad-exemptions.yaml {_HERE}/every-kind.yaml",
    "no-pods": f"check {_HERE}/no-pods.yaml",
    "explain": "explain",
    "explain-one": "explain seccompProfile_restricted",
    "explain-sysctls": "explain sysctls",
    "explain-ambiguous": "explain seccompProfile",
    "explain-lint": "explain conditions-become-or",
    "profile-lint": f"profile lint {_PROFILES}/copied.json",
    "profile-judge": f"profile judge --runtime containerd+runc {_PROFILES}/copied.json",
    "profile-verdict": f"profile verdict {_PROFILES}/copied.json socket 0x100000028 1",
    "profile-diff": f"profile diff --runtime containerd+crun {_PROFILES}/copied.json {_PROFILES}/plain.json",
}


def performed(command: str) -> str:
    """The command as typed, its exit status, and what it wrote: first to standard output, then to error."""
    done = ended(started(shlex.split(command), cwd=ROOT))
    return "".join(_shown(command, done)).replace("python -m webhook", "seccomp-webhook")


def _shown(command: str, done: Ran) -> Iterator[str]:
    yield f"$ seccomp-webhook {command}; echo $?\n{done.out}{done.status}\n"
    if done.err:
        yield f"\nstandard error:\n{done.err}"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for stale in FOLDER.glob("*.txt"):
        stale.unlink()
    for name, command in SCENES.items():
        (FOLDER / f"{name}.txt").write_text(performed(command), encoding="utf-8")


if __name__ == "__main__":
    main()
