"""What one dialect can say of another's profiles: ``converted.yaml``."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from webhook.seccomp.dialects import Dialect, Inexact, convert, render
from webhook.seccomp.profile import Argument, Filter, Place, Profile, Rule, SubArchitectures

Case = dict[str, Any]

CASES = [
    pytest.param(case, Dialect(target), id=f"{case['name']}-{target}")
    for case in yaml.safe_load(Path(__file__).with_name("converted.yaml").read_text())
    for target in case["to"]
]
HERE = Place(7, "syscalls[0]")
RULE = Rule(("read",), "SCMP_ACT_ALLOW", None, (), HERE)


@pytest.mark.parametrize(("case", "target"), CASES)
def test_a_document_is_converted_exactly_or_not_at_all(case: Case, target: Dialect) -> None:
    document, source = case["document"].encode(), Dialect(case["from"])

    if "reasons" in case:
        with pytest.raises(Inexact) as inexact:
            convert(document, source, target)
        assert list(inexact.value.reasons) == [each.replace("{to}", target) for each in case["reasons"]]
    else:
        assert json.loads(convert(document, source, target)) == case["text"]


def test_within_a_dialect_a_document_is_written_anew() -> None:
    document = b'{"x": 1, "SYSCALLS": [{"name": "a", "comment": "c"}], "defaultAction": "D"}'

    assert json.loads(convert(document, Dialect.DOCKER, Dialect.DOCKER)) == {
        "defaultAction": "D",
        "syscalls": [{"names": ["a"], "action": "", "comment": "c"}],
    }


def test_an_object_of_the_operator_has_the_name_it_is_given() -> None:
    written = render(Profile("SCMP_ACT_LOG"), Dialect.OPERATOR, name="audit")

    assert json.loads(written)["metadata"] == {"name": "audit"}


@pytest.mark.parametrize(
    ("profile", "dialect", "reason"),
    [
        (
            Profile(architectures=("A",), sub_architectures=(SubArchitectures("B", ()),), rules=(RULE,)),
            Dialect.DOCKER,
            "line 1: archMap: docker refuses it beside architectures",
        ),
        (
            Profile(default_errno=-1),
            Dialect.OCI,
            "line 1: defaultErrnoRet: -1 is no number that oci can write",
        ),
        (Profile(default_errno=""), Dialect.CONTAINERS_COMMON, "line 1: defaultErrno: an empty name is none"),
        (
            Profile(rules=(RULE._replace(name="write"),)),
            Dialect.DOCKER,
            "line 7: syscalls[0]: it has both name and names, which docker cannot read",
        ),
        (
            Profile(rules=(RULE._replace(includes=Filter(kernel=(256, 0))),)),
            Dialect.DOCKER,
            "line 7: syscalls[0].includes.minKernel: no part of it may be above 255",
        ),
        (
            Profile(rules=(RULE._replace(arguments=(Argument(0, 1 << 64, 0, "SCMP_CMP_EQ", HERE),)),)),
            Dialect.DOCKER,
            f"line 7: syscalls[0].value: {1 << 64} is no number that docker can write",
        ),
    ],
)
def test_what_no_reader_could_have_read_is_not_written(
    profile: Profile, dialect: Dialect, reason: str
) -> None:
    with pytest.raises(Inexact) as inexact:
        render(profile, dialect)

    assert inexact.value.reasons == (reason,)
