"""What pods in these tests are made of: fragments that the API server takes.

Most values that the controls look at never reach admission, because validation refuses them. Which do is
asked of the API server itself, with dry runs; the others are tried too, but seldom, since all that they show
is that both refuse them.
"""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from tests.e2e.api import Api, Manifest
from tests.strategies.fields import CONTAINER_FIELDS, POD_FIELDS
from tests.strategies.pods import good_container, put

PLACE: Final = "vocabulary"
"""The namespace, in which everything must be allowed."""


class Vocabulary(NamedTuple):
    """Fragments of pods and of containers that are taken, and those that are not."""

    pod: list[Manifest]
    container: list[Manifest]
    refused: list[Manifest]


def vocabulary(api: Api) -> Vocabulary:
    """The fragments, by what the API server says to each in a pod of the namespace ``vocabulary``."""
    words = Vocabulary([], [], [])
    for fragment in (*_written("pod"), *_fields(POD_FIELDS)):
        candidate = merged(good_pod("candidate", PLACE), fragment)
        (words.pod if _is_taken(api, candidate) else words.refused).append(fragment)
    for fragment in (*_written("container"), *_fields(CONTAINER_FIELDS)):
        candidate = good_pod("candidate", PLACE)
        candidate["spec"]["containers"][0] = merged(candidate["spec"]["containers"][0], fragment)
        is_taken = _is_taken(api, candidate)
        (words.container if is_taken else words.refused).append(fragment)
    return words


def good_pod(name: str, namespace: str) -> Manifest:
    """A pod that every level lets pass."""
    container = good_container("a")
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"containers": [container]},
    }


def merged(manifest: Manifest, fragment: Manifest) -> Manifest:
    """*manifest* with what *fragment* says; lists become longer."""
    result = dict(manifest)
    for key, value in fragment.items():
        known = result.get(key)
        if isinstance(value, dict) and isinstance(known, dict):
            result[key] = merged(known, value)
        elif isinstance(value, list) and isinstance(known, list):
            result[key] = [*known, *(each for each in deepcopy(value) if each not in known)]
        else:
            result[key] = deepcopy(value)
    return result


def _is_taken(api: Api, candidate: Manifest) -> bool:
    return api.create(candidate, dry_run=True).code == 201


def _written(part: str) -> list[Manifest]:
    text = Path(__file__).with_name("fragments.yaml").read_text()
    fragments: dict[str, list[Manifest]] = yaml.safe_load(text)
    return fragments[part]


def _fields(fields: Any) -> Iterator[Manifest]:  # noqa: ANN401 - either table of fields
    for field in fields:
        for value in (*field.good, *field.bad):
            fragment: Manifest = {}
            put(fragment, field.path, [value] if field.is_list else value)
            yield fragment
