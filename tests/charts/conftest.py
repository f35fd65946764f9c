"""Rendering needs Helm, which PyPI has for common machines; elsewhere these tests are skipped by name."""

import os
from functools import cache
from typing import Any

import pytest

from tests.charts.helm import Manifest, NoHelm, Ran, objects, program, render
from tests.charts.matrix import renderings

VALUES: dict[str, Manifest] = dict(renderings())


@pytest.fixture(autouse=True, scope="session")
def _helm() -> None:
    try:
        program()
    except NoHelm as missing:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(missing))


@cache
def _rendered(name: str) -> tuple[Manifest, ...]:
    ran: Ran = render(VALUES[name])
    assert ran.status == 0, ran.err
    return tuple(objects(ran.out))


class Rendering:
    """What one set of values comes to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.values = VALUES[name]
        self.objects = _rendered(name)

    @property
    def full_name(self) -> str:
        """The name of most objects."""
        return str(self.one("Service")["metadata"]["name"])

    def of(self, *kinds: str) -> list[Manifest]:
        return [each for each in self.objects if each["kind"] in kinds]

    def one(self, kind: str, ending: str = "") -> Manifest:
        (found,) = [each for each in self.of(kind) if each["metadata"]["name"].endswith(ending)]
        return found

    def pods(self) -> list[tuple[str, Manifest]]:
        """The pods that there will be: their names, and metadata and spec."""
        found = []
        for each in self.of("Pod", "Deployment", "DaemonSet", "Job"):
            template = each if each["kind"] == "Pod" else each["spec"]["template"]
            found.append((f"{each['kind']} {each['metadata']['name']}", template))
        return found

    def value(self, *path: str, default: Any = None) -> Any:  # noqa: ANN401 - a value of any kind
        found: Any = self.values
        for key in path:
            found = found.get(key, {}) if isinstance(found, dict) else {}
        return default if found == {} else found


@pytest.fixture(scope="session")
def renderings() -> list[Rendering]:
    """All of them. A test goes through them itself: most of the time is taken by rendering, once."""
    return [Rendering(name) for name in VALUES]


@pytest.fixture
def default() -> Rendering:
    """What is rendered for no values at all."""
    return Rendering("default")
