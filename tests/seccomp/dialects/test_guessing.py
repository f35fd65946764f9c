import pytest

from webhook.seccomp.dialects import Dialect, guess, place_of
from webhook.seccomp.profile import Place, Unreadable


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("{}", Dialect.OCI),
        ('{"defaultAction": "A", "defaultErrnoRet": 1, "syscalls": [{"names": []}, 1]}', Dialect.OCI),
        ('{"x": {"archMap": []}}', Dialect.OCI),
        ('{"ARCHMAP": []}', Dialect.DOCKER),
        ('{"syscalls": [{"name": "a"}]}', Dialect.DOCKER),
        ('{"syscalls": [{"includes": {"caps": []}}]}', Dialect.DOCKER),
        ('{"defaultErrno": "E", "syscalls": [{"includes": {"minKernel": "4.8"}}]}', Dialect.DOCKER),
        ('{"defaultErrno": "ENOSYS", "archMap": []}', Dialect.CONTAINERS_COMMON),
        ('{"syscalls": [{"errno": "ENOSYS", "includes": []}]}', Dialect.CONTAINERS_COMMON),
        ('{"apiVersion": "a/v1", "kind": "b", "spec": {}}', Dialect.OPERATOR),
    ],
)
def test_the_dialect_is_guessed_by_its_keys(text: str, dialect: Dialect) -> None:
    assert guess(text.encode()) is dialect


def test_of_what_is_no_object_nothing_is_guessed() -> None:
    with pytest.raises(Unreadable, match="a profile is an object, this is of type array"):
        guess(b"[]")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("", 1),
        ("defaultAction", 2),
        ("architectures", 3),
        ("architectures[1]", 4),
        ("architectures[7]", 3),
        ("syscalls[0].names[0]", 6),
        ("syscalls[0].names[0].x", 6),
        ("nowhere[0].x", 1),
        ("defaultAction[0]", 2),
    ],
)
def test_a_path_is_found_as_far_as_it_leads(path: str, line: int) -> None:
    text = b"""{
      "DefaultAction": "A",
      "architectures": ["a",
                        "b"],
      "syscalls": [], "syscalls": [{
        "names": ["a"]}]
    }"""

    assert place_of(text, path) == Place(line, path)
