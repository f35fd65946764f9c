"""``python -m tools.manifests``: the chart as plain manifests in ``deploy/``, for those who do without Helm.

Hooks and tests are Helm's, and left out; the namespace, which Helm makes by an option, is put in.
"""

import re
import sys
from pathlib import Path
from typing import Final

from tools.helm import CHART, NoHelm, helm

PLACE: Final = Path(__file__).parents[1] / "deploy"
NAME: Final = "seccomp-webhook"
FILES: Final = {
    "seccomp-webhook.yaml": ("what violates is refused", "restricted", ()),
    "seccomp-webhook-audit.yaml": (
        "nothing is refused, and what would be is told",
        "restricted",
        ("--set=mode=audit",),
    ),
    "seccomp-webhook-defaults.yaml": (
        "what violates is refused, and safe defaults are put into what leaves them open",
        "restricted",
        ("--set=mutation.enabled=true",),
    ),
    # The agents have a folder of the node.
    "seccomp-webhook-agents.yaml": (
        "what violates is refused, and agents tell which profiles every node holds",
        "privileged",
        ("--set=agent.enabled=true,localhostProfiles.enabled=true",),
    ),
}
_HEADING: Final = """\
# The webhook with everything that it needs: {what}.
# Made from charts/seccomp-webhook by `make manifests`; change that, not this.
# To install: put your image in place of seccomp-webhook:{tag}, then kubectl apply --server-side -f {file}
# To remove: kubectl delete validatingwebhookconfiguration {name}, and then the rest.
apiVersion: v1
kind: Namespace
metadata:
  name: {name}
  labels:
    pod-security.kubernetes.io/enforce: {level}
"""
# Said of Helm's objects, which these are not.
_HELM_S: Final = re.compile(
    r"^ *(app\.kubernetes\.io/managed-by|helm\.sh/chart): .*\n|^# Source: .*\n", re.MULTILINE
)


def manifests(file: str) -> str:
    """What *file*, one of FILES, must hold. Raises NoHelm."""
    what, level, options = FILES[file]
    ran = helm("template", NAME, CHART, "--namespace", NAME, "--no-hooks", "--skip-tests", *options)
    if ran.status:
        raise SystemExit(ran.err)
    tag = re.search(r"image: \S+:(\S+)", ran.out)
    heading = _HEADING.format(what=what, level=level, file=file, name=NAME, tag=tag[1] if tag else "")
    return heading + _HELM_S.sub("", ran.out)


def main() -> None:
    """Write all of them."""
    try:
        for file in FILES:
            (PLACE / file).write_text(manifests(file))
    except NoHelm as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
