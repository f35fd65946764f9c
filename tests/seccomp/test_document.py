"""A file that is read once for several readers is what each of them reads."""

import json

import pytest
from hypothesis import example, given

from tests.strategies.profile_texts import profile_texts, profiles, written
from webhook.seccomp.dialects import Dialect, read
from webhook.seccomp.document import Document
from webhook.seccomp.lint import Lint
from webhook.seccomp.lints import LINTS
from webhook.seccomp.profile import Place, Profile, Unreadable
from webhook.seccomp.target import CONTAINERD_RUNC, CRIO_RUNC, DOCKER_RUNC, Target

READERS = (Dialect.OCI, Dialect.CONTAINERS_COMMON, Dialect.DOCKER)
OBJECT = {
    "apiVersion": "security-profiles-operator.x-k8s.io/v1",
    "kind": "SeccompProfile",
    "metadata": {"name": "cart"},
    "spec": {"defaultAction": "SCMP_ACT_LOG"},
}


def by_itself(content: bytes, dialect: Dialect) -> Profile | str:
    try:
        return read(content, dialect)
    except Unreadable as problem:
        return problem.problem


def beside_others(document: Document, dialect: Dialect) -> Profile | str:
    try:
        return document.read_as(dialect)
    except Unreadable as problem:
        return problem.problem


@given(profile_texts() | profiles(good=True).map(lambda tree: written(tree, is_ascii=True).encode()))
@example(b'{"defaultAction": "SCMP_ACT_LOG", "syscalls": [null]}')
@example(b'{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": null, "args": [{}]}]}')
@example(b'{"SYSCALLS": [{"Names": ["read"], "action": "SCMP_ACT_ALLOW"}]}')
@example(b'{"name": "x"}')
def test_what_others_read_does_not_change_what_one_reads(content: bytes) -> None:
    document = Document(content)
    if not document.is_object:
        for dialect in READERS:
            assert beside_others(document, dialect) == by_itself(content, dialect)


@pytest.mark.parametrize("lint", LINTS, ids=lambda lint: lint.id)
def test_nor_does_it_in_what_lints_show(lint: Lint) -> None:
    content = lint.example.encode()
    document = Document(content)
    for dialect in () if document.is_object else READERS:
        assert beside_others(document, dialect) == by_itself(content, dialect)


def test_an_object_of_the_operator_is_the_same_for_all_readers() -> None:
    document = Document(json.dumps(OBJECT).encode())

    found = {document.read_by(Target(runtime)) for runtime in (CONTAINERD_RUNC, CRIO_RUNC, DOCKER_RUNC)}
    assert [each.default_action for each in found] == ["SCMP_ACT_LOG"]


@pytest.mark.parametrize("path", ["spec.defaultAction", "spec.syscalls[0]"])
def test_a_parsed_object_knows_its_lines(path: str) -> None:
    document = Document.of_object(OBJECT, lambda asked: 7 if asked == path else 1)

    assert document.placed(Place(0, "defaultAction")).line == (7 if path == "spec.defaultAction" else 1)
    assert document.placed(Place(3, "defaultAction")).line == 3


def test_a_place_without_line_is_found_by_its_key() -> None:
    document = Document(b'{\n"flags": [],\n  "defaultAction"\n : "x"}')

    assert document.placed(Place(0, "defaultAction")).line == 3
    assert document.placed(Place(0, "listenerPath")).line == 1
