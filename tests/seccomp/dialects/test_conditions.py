"""What readers hand to the OCI runtime, on one node for one container: ``resolved.yaml``."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from webhook.seccomp.dialects import DIALECT_OF, Dialect, read, resolve
from webhook.seccomp.profile import Filter, Place, Profile, Rule, Unreadable
from webhook.seccomp.target import CONTAINERD_RUNC, CRIO_RUNC, DOCKER_RUNC, Reader, Target

Case = dict[str, Any]

RUNTIMES = {each.reader: each for each in (CONTAINERD_RUNC, CRIO_RUNC, DOCKER_RUNC)}
EVERY = yaml.safe_load(Path(__file__).with_name("resolved.yaml").read_text())
CASES = [
    pytest.param(case, Reader(reader), id=f"{case['name']}-{reader}")
    for case in EVERY
    for reader in case["reader"]
]


@pytest.mark.parametrize(("case", "reader"), CASES)
def test_a_reader_hands_on_what_counts(case: Case, reader: Reader) -> None:
    node = case.get("node", {})
    target = Target(
        RUNTIMES[reader],
        architecture=node.get("architecture", "SCMP_ARCH_X86_64"),
        kernel=(6, 1, 55),
        capabilities=frozenset(node.get("capabilities", ())),
    )
    profile = read(case["text"].encode(), DIALECT_OF[reader])

    if "problem" in case:
        with pytest.raises(Unreadable) as refused:
            resolve(profile, target)
        assert refused.value.problem == case["problem"]
        return
    handed = resolve(profile, target)
    assert (handed is None) == case.get("nothing", False)
    if handed is not None:
        assert seen(handed, case) == {key: case[key] for key in SEEN if key in case}
        assert is_for_every_node(handed)


def test_a_profile_that_names_its_architectures_twice_is_refused_however_it_was_made() -> None:
    profile = Profile(
        "SCMP_ACT_ALLOW", architectures=("SCMP_ARCH_ARM",), sub_architectures=(("SCMP_ARCH_ARM", ()),)
    )

    with pytest.raises(Unreadable, match="'architectures' and 'archMap'"):
        resolve(profile, Target(CRIO_RUNC))


def test_a_rule_with_two_keys_for_names_is_refused_by_docker_even_where_it_is_left_out() -> None:
    excluded = Filter(architectures=("amd64",))
    rule = Rule(("a",), "SCMP_ACT_ALLOW", None, (), Place(7, "syscalls[0]"), excludes=excluded, name="b")

    with pytest.raises(Unreadable, match="line 7: both 'name' and 'names'"):
        resolve(Profile("SCMP_ACT_ALLOW", rules=(rule,)), Target(DOCKER_RUNC))


def test_what_the_operator_writes_is_handed_on_by_every_reader() -> None:
    profile = Profile("SCMP_ACT_ALLOW", rules=(Rule(("a",), "SCMP_ACT_ERRNO", 1, (), Place(1, "")),))

    assert {resolve(profile, Target(each)) for each in RUNTIMES.values()} == {profile}
    assert set(DIALECT_OF.values()) == set(Dialect) - {Dialect.OPERATOR}


SEEN = ("rules", "architectures", "flags", "default_errno", "errnos")


def seen(profile: Profile, case: Case) -> Case:
    flags = profile.flags
    every = {
        "rules": [next(iter(each.names), None) for each in profile.rules],
        "architectures": list(profile.architectures),
        "flags": list(flags) if flags is not None else None,
        "default_errno": profile.default_errno,
        "errnos": [each.errno for each in profile.rules],
    }
    return {key: every[key] for key in SEEN if key in case}


def is_for_every_node(profile: Profile) -> bool:
    return profile.sub_architectures is None and all(
        each.includes == each.excludes == Filter() for each in profile.rules
    )
