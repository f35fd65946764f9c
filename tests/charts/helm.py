"""The chart, rendered as the tests of it want it."""

from typing import Any, Final

import yaml

from tools.helm import CHART, NoHelm, Ran, helm, program

__all__ = ["CHART", "NoHelm", "Ran", "helm", "program"]

RELEASE: Final = "guard"
NAMESPACE: Final = "pod-security"
FULL_NAME: Final = "guard-seccomp-webhook"

Manifest = dict[str, Any]
# Written in C where that was installed: there is much to read.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def render(values: Manifest | None = None, *more: str, namespace: str = NAMESPACE) -> Ran:
    """What ``helm template`` prints for *values*."""
    written = yaml.safe_dump(values or {})
    return helm("template", RELEASE, CHART, "--namespace", namespace, "-f", "-", *more, values=written)


def objects(text: str) -> list[Manifest]:
    """The objects in what was rendered."""
    return [each for each in yaml.load_all(text, Loader) if each]
