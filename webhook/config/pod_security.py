"""``PodSecurityConfiguration``: defaults and exemptions, as the built-in plugin reads them.

Source: Kubernetes documentation, "Enforce Pod Security Standards by Configuring the Built-in Admission
Controller"; the words of the errors are the plugin's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from webhook.config.errors import ConfigurationError, Problem
from webhook.config.names import label_problems, subdomain_problems
from webhook.config.settings import Settings
from webhook.config.shape import checked
from webhook.policy.exemptions import Exemptions
from webhook.policy.field_error import DUPLICATE, FieldError
from webhook.policy.labels import MODES, Policy
from webhook.policy.standard import PRIVILEGED, Level, Standard, Version

VERSIONS: Final = tuple(
    f"pod-security.admission.config.k8s.io/{each}" for each in ("v1", "v1beta1", "v1alpha1")
)
KIND: Final = "PodSecurityConfiguration"

FIELDS: Final = {
    "defaults": {name: str for mode in MODES for name in (mode, f"{mode}-version")},
    "exemptions": {"usernames": [str], "namespaces": [str], "runtimeClasses": [str]},
}
_SHAPE: Final = {"apiVersion": str, "kind": str, **FIELDS}


def pod_security_settings(document: Mapping[str, Any]) -> Settings:
    """The settings in a ``PodSecurityConfiguration``. Raises ConfigurationError."""
    checked(document, _SHAPE)
    defaults = defaults_in(document.get("defaults") or {})
    return Settings(defaults, exemptions_in(document.get("exemptions") or {}))


def defaults_in(texts: Mapping[str, str | None]) -> Policy:
    """The policy in ``defaults``. Raises ConfigurationError."""
    standards = []
    problems: list[Problem] = []
    for mode in MODES:
        level, version = PRIVILEGED
        try:
            level = Level.parse(texts.get(mode) or "privileged")
        except ValueError as error:
            problems.append(Problem(f"defaults.{mode}", f"{mode}: {error}"))
        try:
            version = Version.parse(texts.get(f"{mode}-version") or "latest")
        except ValueError as error:
            problems.append(Problem(f"defaults.{mode}-version", f"{mode}-version: {error}"))
        standards.append(Standard(level, version))
    if problems:
        raise ConfigurationError.of(tuple(problems), "configuration error: ")
    return Policy(*standards)


def exemptions_in(lists: Mapping[str, Sequence[str | None] | None]) -> Exemptions:
    """The names in ``exemptions``. Raises ConfigurationError."""
    # As in Go, an item that is null is the empty text.
    names = {key: [item or "" for item in lists.get(key) or ()] for key in _RULES}
    errors = [
        each for key, rule in _RULES.items() for each in _bad_names(f"exemptions.{key}", names[key], rule)
    ]
    if errors:
        problems = tuple(Problem(each.field, str(each)) for each in errors)
        raise ConfigurationError.of(problems, "invalid configuration: ")
    return Exemptions(
        usernames=frozenset(names["usernames"]),
        namespaces=frozenset(names["namespaces"]),
        runtime_classes=frozenset(names["runtimeClasses"]),
    )


def _bad_names(
    field: str, names: Iterable[str], rule: Callable[[str], Iterable[str]]
) -> Iterator[FieldError]:
    seen = set()
    for index, name in enumerate(names):
        if problem := ", ".join(rule(name)):
            yield FieldError(f"{field}[{index}]", name, problem)
        elif name in seen:
            yield FieldError(f"{field}[{index}]", name, type=DUPLICATE)
        else:
            seen.add(name)


def _username_problems(name: str) -> tuple[str, ...]:
    return () if name else ("username must not be empty",)


# In the order in which the plugin reports.
_RULES: Final[Mapping[str, Callable[[str], Iterable[str]]]] = {
    "namespaces": label_problems,
    "runtimeClasses": subdomain_problems,
    "usernames": _username_problems,
}
