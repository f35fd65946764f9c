"""Whether pods are judged as their namespaces say, asked again and again while something is broken.

Meant for a cluster with the namespaces ``strict`` and ``free``.
"""

from collections.abc import Callable
from itertools import count
from typing import Final

from tests.e2e.api import Answer, Api
from tests.e2e.objects import bad_spec, good_spec, namespace, pod

RECOVERY: Final = 40.0
"""Seconds in which everything must be right again; watches are asked for anew after pauses that grow."""

_NUMBERS: Final = count()


def insecure(api: Api, place: str = "strict") -> Answer:
    """The answer to a pod that only privileged lets pass; it is not kept."""
    return api.create(pod(f"insecure-{next(_NUMBERS)}", place, bad_spec()), dry_run=True)


def secure(api: Api, place: str = "strict") -> Answer:
    """The answer to a pod that every level lets pass; it is not kept."""
    return api.create(pod(f"secure-{next(_NUMBERS)}", place, good_spec()), dry_run=True)


def is_right(api: Api) -> bool:
    """Whether pods are judged as their namespaces say."""
    return (insecure(api).code, insecure(api, "free").code, secure(api).code) == (403, 201, 201)


def holds(api: Api, place: str, code: int) -> Callable[[], bool]:
    return lambda: insecure(api, place).code == code


def fresh(api: Api, **labels: str) -> str:
    """A new namespace."""
    name = f"fresh-{next(_NUMBERS)}"
    api.create(namespace(name, **labels)).good()
    return name
