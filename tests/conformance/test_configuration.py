"""A PodSecurityConfiguration is accepted, and refused, in the words of the reference library."""

from random import Random
from typing import Any

import msgspec

from tests.conformance.programs import Conversation
from tests.strategies.reviews import LEVELS, MODES, OTHER_LEVELS, OTHER_VERSIONS, SOME_VERSIONS
from webhook.config import ConfigurationError, settings_of

NAMES = (
    "a",
    "b",
    "a-b",
    "a.b",
    "A",
    "a_b",
    "",
    "-a",
    "a-",
    "a..b",
    "x" * 63,
    "x" * 64,
    "x.y" * 90,
    "ü",
    'q"\n',
    "0",
)


def test_configurations_are_refused_alike(admission_library: Conversation) -> None:
    random = Random("configurations")  # noqa: S311 - repeatable, not secret
    written = [_configuration(random) for _ in range(1000)]
    request = {"resource": {"resource": "namespaces"}, "requestSubResource": "status"}

    # Kubernetes turns a YAML file into JSON with sorted keys, and reports in that order.
    answers = admission_library.ask(
        [msgspec.json.encode({"configuration": each, "request": request}, order="sorted") for each in written]
    )

    for document, answer in zip(written, answers, strict=True):
        assert _refusal(document) == answer.get("error"), msgspec.json.encode(document).decode()


def _refusal(document: object) -> str | None:
    try:
        settings_of(document)
    except ConfigurationError as error:
        return str(error)
    return None


def _configuration(random: Random) -> dict[str, Any]:
    """A configuration with a few things wrong, or none."""
    version = random.choice(("v1", "v1beta1", "v1alpha1"))
    document: dict[str, Any] = {
        "apiVersion": f"pod-security.admission.config.k8s.io/{version}",
        "kind": "PodSecurityConfiguration",
    }
    if random.random() < 0.8:
        document["defaults"] = {
            f"{mode}{suffix}": random.choice(bad if random.random() < 0.1 else good)
            for mode in MODES
            for suffix, good, bad in (("", LEVELS, OTHER_LEVELS), ("-version", SOME_VERSIONS, OTHER_VERSIONS))
            if random.random() < 0.6
        }
    if random.random() < 0.8:
        document["exemptions"] = {
            kind: random.choices(NAMES, k=random.choice((0, 1, 1, 3)))
            for kind in ("usernames", "namespaces", "runtimeClasses")
            if random.random() < 0.5
        }
    for key in ("defaults", "exemptions"):
        if random.random() < 0.05:
            document[key] = None
        elif random.random() < 0.05:
            document.setdefault(key, {})[random.choice(("groups", "Enforce", "x"))] = "y"
    return document
