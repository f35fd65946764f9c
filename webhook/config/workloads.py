"""The section ``workloads`` of our configuration: kinds of somebody's own that hold pods, and where."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from webhook.config.errors import ConfigurationError, Problem
from webhook.policy.template_path import TemplatePath
from webhook.policy.workload import KINDS
from webhook.policy.workloads import CustomWorkload, Workloads

FIELDS: Final = [{"apiVersions": [str], "kind": str, "resource": str, "templates": [str]}]

# Source: Kubernetes documentation, "Object Names and IDs", and "Extend the Kubernetes API with
# CustomResourceDefinitions".
_LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
API_VERSION: Final = rf"{_LABEL}(\.{_LABEL})*/v[a-z0-9]+"
KIND: Final = "[A-Z][A-Za-z0-9]*"
RESOURCE: Final = _LABEL
MOST_PATHS: Final = 16

_BUILT_IN: Final = {(workload.group, workload.kind) for workload in KINDS.values()}
_Parsed = TypeVar("_Parsed")


def workloads_in(section: Sequence[Mapping[str, Any] | None]) -> Workloads:
    """The kinds in ``workloads``. Raises ConfigurationError with all that is wrong."""
    problems: list[Problem] = []
    found = [_Entry(each or {}, f"[{at}]", problems).read() for at, each in enumerate(section)]
    seen: dict[tuple[str, str], int] = {}
    for index, each in enumerate(found):
        for at, version in enumerate(each.api_versions):
            if (first := seen.setdefault((version, each.kind), index)) != index:
                place = f"[{index}].apiVersions[{at}]"
                problems.append(Problem(place, f"{place}: the entry [{first}] is of the same kind"))
    if problems:
        raise ConfigurationError.of(tuple(problems))
    return Workloads(found)


def rules_for(workloads: Workloads) -> list[dict[str, list[str]]]:
    """What a ValidatingWebhookConfiguration must have among its rules, for these kinds to be asked about."""
    return [
        {
            "apiGroups": [group],
            "apiVersions": [version.rpartition("/")[2] for version in versions],
            "resources": [each.resource],
        }
        for each in workloads.added
        for group, versions in _by_group(each.api_versions).items()
    ]


def _by_group(versions: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for version in versions:
        groups.setdefault(version.rpartition("/")[0], []).append(version)
    return groups


class _Entry:
    """One kind as it is written; what is wrong with it is added to *problems*."""

    def __init__(self, written: Mapping[str, Any], place: str, problems: list[Problem]) -> None:
        self._written = written
        self._place = place
        self._problems = problems

    def read(self) -> CustomWorkload:
        """The kind. Where there are problems, it is good for nothing."""
        kind = self._text("kind", KIND, "must be a kind, as in Rollout")
        versions = tuple(self._all("apiVersions", _api_version))
        for index, version in enumerate(versions):
            if (version.rpartition("/")[0], kind) in _BUILT_IN:
                self._wrong(f"apiVersions[{index}]", f"{kind} is built in: it is judged without this")
        resource = self._text("resource", RESOURCE, "must be the plural name in the API, as in rollouts")
        templates = tuple(self._all("templates", TemplatePath.parse))
        if len(templates) > MOST_PATHS:
            self._wrong("templates", f"must not be more than {MOST_PATHS}")
        return CustomWorkload(versions, kind, resource, templates)

    def _text(self, field: str, pattern: str, problem: str) -> str:
        text: str = self._written.get(field) or ""
        if not re.fullmatch(pattern, text):
            self._wrong(field, problem)
        return text

    def _all(self, field: str, parse: Callable[[str], _Parsed]) -> Iterator[_Parsed]:
        written = self._written.get(field) or ()
        if not written:
            self._wrong(field, "must name at least one")
        for index, text in enumerate(written):
            try:
                yield parse(text or "")
            except ValueError as error:
                self._wrong(f"{field}[{index}]", str(error))

    def _wrong(self, field: str, text: str) -> None:
        place = f"{self._place}.{field}"
        self._problems.append(Problem(place, f"{place}: {text}"))


def _api_version(text: str) -> str:
    if not re.fullmatch(API_VERSION, text):
        raise ValueError("must be GROUP/VERSION, as in argoproj.io/v1alpha1")
    return text
