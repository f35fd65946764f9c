"""Where the JSON report points: at the field in the file, however that is written, and at what mends it."""

import io
import json
import re
import sys
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import partial
from itertools import cycle, groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Run
from tests.reports.contract import Result, read_report
from tests.strategies.mending import mend
from tests.strategies.pods import Manifest, pod, put
from webhook.policy import path as policy_path
from webhook.policy.workload import KINDS

_STEP = re.compile(r"\.?(?P<name>[^\W\d]\w*)|\[(?P<index>\d+)\]|\[(?P<key>.*?)\](?=[.\[]|$)")


ON_THE_NODES_NETWORK: Manifest = {
    "spec": {
        "hostNetwork": True,
        "containers": [
            {"name": "a", "ports": [{"containerPort": 80}, {"containerPort": 81, "hostPort": 81}]}
        ],
    }
}


class Dumper(yaml.SafeDumper):
    """Writes shared parts out, as most people do."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def in_yaml(objects: Iterable[Manifest], *, flow: bool | None, line_end: str = "\n") -> list[str]:
    """One file; with None for *flow*, the innermost lists and mappings are in flow style."""
    documents = [yaml.dump(each, Dumper=Dumper, default_flow_style=flow, width=60) for each in objects]
    return [("# first\n\n" + "---\n# next\n".join(documents)).replace("\n", line_end)]


def in_json(objects: Iterable[Manifest], *, indent: int | None) -> list[str]:
    """A file for each object."""
    # PyYAML takes DEL as an escape only.
    return [json.dumps(each, indent=indent).replace("\x7f", "\\u007f") for each in objects]


WRITINGS = {
    "block": partial(in_yaml, flow=False),
    "flow": partial(in_yaml, flow=True),
    "block and flow": partial(in_yaml, flow=None),
    "block, CRLF": partial(in_yaml, flow=False, line_end="\r\n"),
    "flow, CRLF": partial(in_yaml, flow=True, line_end="\r\n"),
    "JSON in lines": partial(in_json, indent=1),
    "JSON in one line": partial(in_json, indent=None),
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_every_field_of_the_report_has_the_line_of_its_path(
    seccomp: Run, tmp_path: Path, writing: str
) -> None:
    texts = WRITINGS[writing](some_objects(seed=writing))
    for number, text in enumerate(texts):
        (tmp_path / f"{number:02}{'.json' if writing.startswith('JSON') else '.yaml'}").write_bytes(
            text.encode()
        )
    results = read_report(seccomp("check", "-o", "json", tmp_path).out).results
    per_file = [list(each) for _, each in groupby(results, lambda result: result.source.file)]

    assert sum(fields_with_their_lines(*each) for each in zip(texts, per_file, strict=True)) > 100


def test_lines_of_standard_input_count_too(seccomp: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    [text] = in_yaml(some_objects(seed="standard input"), flow=None)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    results = read_report(seccomp("check", "-o", "json", "-").out).results

    assert fields_with_their_lines(text, results) > 100


@pytest.mark.parametrize("version", ["latest", "v1.24", "v1.18"])
def test_what_the_report_points_at_mends_the_violation(seccomp: Run, tmp_path: Path, version: str) -> None:
    random = Random(version)  # noqa: S311 - reproducible samples, not secrets
    objects = [an_object(kind, pod(random)) for kind, _ in zip(cycle(KINDS), range(180), strict=False)]
    objects += [an_object(kind, ON_THE_NODES_NETWORK) for kind in KINDS]
    check = partial(checked, seccomp, tmp_path / "objects.yaml", "--version", version)
    cases = [
        (violation.control, field.path, {each.path for each in violation.fields}, written)
        for written, result in zip(objects, check(objects), strict=True)
        for violation in result.violations
        for field in violation.fields
    ]
    better = check([mended(written, path) for _, path, _, written in cases])

    assert len(cases) > 100
    for (control, path, before, _), result in zip(cases, better, strict=True):
        left = [each.fields for each in result.violations if each.control == control]
        assert {field.path for fields in left for field in fields} <= before - {path}, (control, path)


def some_objects(seed: str) -> list[Manifest]:
    """Objects of every kind with a pod in it, and lists."""
    random = Random(seed)  # noqa: S311 - reproducible samples, not secrets
    each_kind = [an_object(kind, pod(random)) for kind in list(KINDS) * 6]
    return [*each_kind[4:], {"apiVersion": "v1", "kind": "List", "items": each_kind[:4]}, each_kind[0]]


def an_object(kind: tuple[str, str], written: Manifest) -> Manifest:
    """An object of *kind* that holds the pod *written*."""
    # By way of JSON, as equal parts of a generated pod may be one and the same object.
    written = json.loads(json.dumps(written))
    head = {"apiVersion": kind[0], "kind": kind[1]}
    if not KINDS[kind].template:
        return head | written
    manifest: Manifest = {**head, "metadata": {"name": "cart"}}
    put(manifest, KINDS[kind].template, written)
    return manifest


def checked(seccomp: Run, file: Path, *arguments: object) -> list[Result]:
    """The results for the objects, which come last."""
    *options, objects = arguments
    assert isinstance(objects, list)
    file.write_text("\n".join(map(json.dumps, objects)))
    ran = seccomp("check", "-o", "json", *options, file)
    assert ran.err == ""
    return read_report(ran.out).results


def mended(written: Manifest, dotted: str) -> Manifest:
    """*written* with a value at *dotted* that is allowed.

    One field alone does not do where the API server would set it again: of a pod on the node's network it
    makes every container port a host port. So there ``hostNetwork`` is removed too, as the report says.
    """
    copy = deepcopy(written)
    template = KINDS[(copy["apiVersion"], copy["kind"])].template
    holder: Any = copy
    for step in template:
        holder = holder[step]
    if dotted.endswith(".hostPort") and not template:
        holder["spec"].pop("hostNetwork", None)
    mend(holder, steps(dotted)[len(template) :])
    return copy


def fields_with_their_lines(text: str, results: Iterable[Result]) -> int:
    """How many fields *results* names; each must have the line that PyYAML finds for its path in *text*."""
    roots = [root for each in yaml.compose_all(text, yaml.SafeLoader) for root in objects_in(each)]
    count = 0
    for root, result in zip(roots, results, strict=True):
        for violation in result.violations:
            for field in violation.fields:
                count += 1
                assert field.line == line_of(root, steps(field.path)), field.path
    return count


def objects_in(root: yaml.Node) -> Iterator[yaml.Node]:
    items = [value for name, value in root.value if name.value == "items"]
    yield from items[0].value if items else [root]


def line_of(node: yaml.Node, path: policy_path.Path) -> int:
    """The line where the field at *path* begins, or the nearest thing around it that is there."""
    mark = node.start_mark
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = [pair for pair in node.value if pair[0].value == step]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = [(item, item) for item in node.value[step : step + 1]]
        else:
            found = []
        if not found:
            break
        name, node = found[0]
        mark = name.start_mark
    return mark.line + 1


def steps(dotted: str) -> policy_path.Path:
    """The path that a report writes as *dotted*."""
    found = list(_STEP.finditer(dotted))
    assert "".join(each[0] for each in found) == dotted
    return tuple(int(each["index"]) if each["index"] else each["name"] or each["key"] for each in found)
