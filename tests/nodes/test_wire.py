"""What a node says of itself arrives as it was said."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhook.nodes.report import AppArmorProfile, NodeReport, SeccompFile
from webhook.nodes.wire import MalformedReport, Status, report_from, report_of, status_of

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
reports = st.builds(
    NodeReport,
    node=words,
    runtime=words,
    runtime_version=words,
    kernel=words,
    architecture=words,
    seccomp_default=st.none() | st.booleans(),
    seccomp=st.lists(
        st.builds(
            SeccompFile,
            path=words,
            digest=words,
            size=st.integers(0, 2**62),
            profile_class=words,
            error=words,
        ),
        max_size=3,
    ).map(tuple),
    app_armor=st.none() | st.lists(st.builds(AppArmorProfile, name=words, mode=words), max_size=3).map(tuple),
    left_out=st.integers(0, 2**40),
)


@given(reports)
def test_a_report_arrives_as_it_was_sent(report: NodeReport) -> None:
    status = status_of(report)

    assert report_from(report.node, status) == report
    assert report_from(report.node, msgspec.json.encode(status)) == report
    assert report_of(report.node, msgspec.convert(status, Status)) == report


def test_what_is_unknown_is_absent() -> None:
    assert status_of(NodeReport("one")) == {
        "runtime": {"name": "", "version": ""},
        "kernel": "",
        "architecture": "",
        "seccomp": [],
    }


def test_the_shape_is_the_one_that_the_chart_describes() -> None:
    report = NodeReport(
        "one",
        "containerd",
        "2.1.4",
        "6.12.0",
        "amd64",
        seccomp_default=True,
        seccomp=(SeccompFile("a/b.json", "sha256:00", 12, "weaker", "no default action"),),
        app_armor=(AppArmorProfile("web", "enforce"),),
        left_out=3,
    )

    assert status_of(report) == {
        "runtime": {"name": "containerd", "version": "2.1.4"},
        "kernel": "6.12.0",
        "architecture": "amd64",
        "seccompDefault": True,
        "seccomp": [
            {
                "path": "a/b.json",
                "digest": "sha256:00",
                "size": 12,
                "class": "weaker",
                "error": "no default action",
            }
        ],
        "leftOut": 3,
        "appArmor": [{"name": "web", "mode": "enforce"}],
    }


def test_an_empty_object_is_a_node_that_has_said_nothing_yet() -> None:
    assert report_from("one", {}) == NodeReport("one")


def test_keys_of_a_later_version_are_passed_over() -> None:
    assert report_from("one", {"kernel": "7.0", "selinux": "enforcing"}).kernel == "7.0"


@pytest.mark.parametrize(
    ("status", "place"),
    [
        ({"seccomp": {}}, r"\$\.seccomp"),
        ({"seccomp": [{"digest": "sha256:00"}]}, "path"),
        ({"seccomp": [{"path": 7}]}, r"\$\.seccomp\[0\]\.path"),
        ({"leftOut": "many"}, r"\$\.leftOut"),
        ({"seccompDefault": None}, r"\$\.seccompDefault"),
        (b'{"kernel": ', "truncated"),
        (b'{"kernel": "\xff"}', "kernel|utf-8|UTF-8"),
        (b"[" * 100_000, "one"),
    ],
)
def test_what_no_agent_wrote_is_refused_with_its_place(status: dict[str, object] | bytes, place: str) -> None:
    with pytest.raises(MalformedReport, match=place):
        report_from("one", status)
