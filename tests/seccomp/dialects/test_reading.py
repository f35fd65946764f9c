"""What readers read, refuse and drop: ``refused.yaml`` and ``remarks.yaml``."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from webhook.seccomp.dialects import Dialect, read
from webhook.seccomp.profile import Lost, Place, Remark, Rule, Unreadable

Case = dict[str, Any]


def cases(name: str) -> list[Any]:
    every = yaml.safe_load(Path(__file__).with_name(name).read_text())
    return [
        pytest.param(case, Dialect(dialect), id=f"{case['name']}-{dialect}")
        for case in every
        for dialect in case["in"]
    ]


@pytest.mark.parametrize(("case", "dialect"), cases("refused.yaml"))
def test_what_a_reader_refuses_is_refused_in_its_words(case: Case, dialect: Dialect) -> None:
    with pytest.raises(Unreadable) as refused:
        read(case["text"].encode(), dialect)

    assert refused.value.problem == case["problem"]
    assert refused.value.place == Place(case.get("line", 1), case.get("path", ""))


@pytest.mark.parametrize(("case", "dialect"), cases("remarks.yaml"))
def test_what_a_reader_drops_is_told(case: Case, dialect: Dialect) -> None:
    profile = read(case["text"].encode(), dialect)

    assert [told(each) for each in profile.remarks] == case["remarks"]
    assert {key: plain(getattr(profile, key)) for key in case.get("reads", ())} == case.get("reads", {})
    for rule, expected in zip(profile.rules, case.get("rules", profile.rules), strict=True):
        if isinstance(expected, dict):
            assert {key: fields(rule)[key] for key in expected} == expected


def test_a_text_is_read_as_utf_8_with_a_mark_for_each_byte_that_is_none() -> None:
    text = b'{"defaultAction": "\xe2\x82\xff\\ud800\\ud83d\\ude00\xed\xa0\x80"}'

    assert read(text, Dialect.OCI).default_action == "\ufffd" * 4 + "\U0001f600" + "\ufffd" * 3


def test_a_parsed_object_is_read_in_the_dialect_that_is_asked_for() -> None:
    parsed = {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"name": "read"}]}

    assert read(parsed, Dialect.DOCKER).rules[0].names == ("read",)
    assert read(parsed, Dialect.OCI).rules[0].names == ()


def test_every_kind_of_loss_that_files_can_have_is_in_the_cases() -> None:
    found = {case.values[0]["remarks"][n].split()[0] for case in cases("remarks.yaml")
             for n in range(len(case.values[0]["remarks"]))}  # fmt: skip

    assert found == set(Lost) - {Lost.OMITTED, Lost.ELSEWHERE}


def told(remark: Remark) -> str:
    assert remark.place.path.endswith(remark.key)
    return f"{remark.lost} {remark.place.line} {remark.place.path}"


def plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def fields(rule: Rule) -> dict[str, Any]:
    return {key: plain(value) for key, value in rule._asdict().items()} | {
        "line": rule.place.line,
        "path": rule.place.path,
        "argument_lines": [each.place.line for each in rule.arguments],
    }
