"""Which controls a standard has, and what a pod gets at each."""

import pytest

from webhook.policy.engine import NEWEST, controls, evaluate, highest_level
from webhook.policy.pod import pod_from
from webhook.policy.standard import LATEST, Level, Standard, Version

EVERY_VERSION = [Version(number) for number in range(41)] + [LATEST]
UNSET = pod_from({"spec": {"containers": [{"name": "a"}]}})


def ids(level: Level, version: str) -> list[str]:
    return [check.id for check, _ in controls(Standard(level, Version.parse(version)))]


def test_the_newest_revision_known_is_of_v1_37() -> None:
    assert str(NEWEST) == "v1.37"


@pytest.mark.parametrize("version", EVERY_VERSION, ids=str)
def test_privileged_asks_for_nothing(version: Version) -> None:
    assert not controls(Standard(Level.PRIVILEGED, version))


def test_probes_are_asked_about_since_v1_34() -> None:
    assert ids(Level.BASELINE, "v1.33") == ids(Level.BASELINE, "v1.0")
    assert set(ids(Level.BASELINE, "v1.34")) - set(ids(Level.BASELINE, "v1.33")) == {
        "hostProbesAndHostLifecycle"
    }


def test_capitals_come_before_small_letters() -> None:
    names = ids(Level.BASELINE, "latest")

    assert names.index("seLinuxOptions") < names.index("seccompProfile_baseline")


@pytest.mark.parametrize(
    ("overridden", "overriding", "since"),
    [
        ("hostPathVolumes", "restrictedVolumes", 0),
        ("seccompProfile_baseline", "seccompProfile_restricted", 19),
        ("capabilities_baseline", "capabilities_restricted", 22),
        ("procMount", "procMount_restricted", 35),
    ],
)
def test_a_control_is_replaced_only_where_its_override_is_in_force(
    overridden: str, overriding: str, since: int
) -> None:
    for version in EVERY_VERSION:
        names = ids(Level.RESTRICTED, str(version))
        assert (overriding in names) is (version >= since)
        assert (overridden in names) is (version < since)


def test_a_version_newer_than_all_is_judged_as_the_newest() -> None:
    newest = evaluate(UNSET, Standard(Level.RESTRICTED, NEWEST))

    assert evaluate(UNSET, Standard(Level.RESTRICTED, Version(99))) == newest
    assert evaluate(UNSET, Standard(Level.RESTRICTED, LATEST)) == newest


@pytest.mark.parametrize(
    ("spec", "level"),
    [
        ({"hostPID": True}, Level.PRIVILEGED),
        ({"containers": [{"name": "a"}]}, Level.BASELINE),
        ({"containers": []}, Level.RESTRICTED),
    ],
    ids=["host namespace", "all unset", "no containers"],
)
def test_the_highest_level_is_the_strictest_that_a_pod_conforms_to(
    spec: dict[str, object], level: Level
) -> None:
    assert highest_level(pod_from({"spec": spec}), LATEST) is level
