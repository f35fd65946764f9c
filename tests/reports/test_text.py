"""The report for people."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reports.samples import ANY_TEXT, FIELD, SUMMARY, VERDICT, VIOLATION, hostile
from webhook.policy.standard import Level
from webhook.reports.formats import Look, report_in
from webhook.reports.verdict import POD, Holder, ObjectName, Problem, Summary, Verdict

PLAIN = Look("seccomp-webhook")


def rendered(
    *verdicts: Verdict,
    summary: Summary = SUMMARY,
    problems: tuple[Problem, ...] = (),
    look: Look = PLAIN,
) -> str:
    report = report_in("text", look)
    pieces = report.separator.join(filter(None, map(report.verdict, verdicts)))
    return f"{report.head(summary)}{pieces}{report.tail(summary, problems)}"


def with_field(**changes: Any) -> Verdict:  # noqa: ANN401 - fields of a field
    return VERDICT._replace(violations=(VIOLATION._replace(fields=(FIELD._replace(**changes),)),))


def test_a_refusal_says_what_where_and_what_to_do() -> None:
    assert rendered(VERDICT) == (
        "cart.yaml:1: Deployment shop/cart would violate restricted:latest (it meets baseline)\n"
        '  seccompProfile_restricted: seccompProfile (pod or container "cart" must set '
        "securityContext.seccompProfile.type to ...)\n"
        '    securityContext.seccompProfile.type must be "RuntimeDefault" or "Localhost", here or in '
        "spec.securityContext of the pod\n"
        "      cart.yaml:19: container cart: not set\n"
        "\n"
        "3 objects, 2 pods: 1 denied, 1 allowed\n"
        "More about a control: seccomp-webhook explain seccompProfile_restricted\n"
    )


def test_what_was_asked_is_said_where_it_was_not_all() -> None:
    passed = SUMMARY._replace(allowed=2, denied=0)

    assert rendered(summary=passed).endswith("2 pods: all conform to restricted:latest\n")
    part = passed._replace(scope="privileged of restricted:latest")
    assert rendered(summary=part).endswith("2 pods: all conform to privileged of restricted:latest\n")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "not set"),
        (True, "true"),
        (0, "0"),
        ("Unconfined", '"Unconfined"'),
        ("", '""'),
        (["NET_RAW", None], '["NET_RAW", null]'),
        ({"path": "/var"}, '{"path": "/var"}'),
        ("x" * 99, '"' + "x" * 58 + "…"),
    ],
)
def test_values_are_shown_as_they_are_written(value: object, shown: str) -> None:
    assert f"cart.yaml:19: container cart: {shown}\n" in rendered(with_field(value=value))


def test_a_value_that_the_server_fills_in_is_told_apart() -> None:
    shown = rendered(with_field(value=8080, is_filled_in=True))

    assert "cart.yaml:19: container cart: 8080 (filled in by the API server)\n" in shown


def test_a_field_of_the_pod_is_shown_with_its_whole_path() -> None:
    shown = rendered(with_field(path=("spec", "template", "spec", "hostPID"), holder=POD, must="false"))

    assert "    spec.template.spec.hostPID must be false\n      cart.yaml:19: pod: not set\n" in shown


def test_what_is_asked_of_many_fields_is_said_once() -> None:
    fields = tuple(
        FIELD._replace(path=(*FIELD.path[:5], "ports", at, "hostPort"), own=3, line=at, value=80, must="0")
        for at in (1, 2)
    )
    shown = rendered(VERDICT._replace(violations=(VIOLATION._replace(fields=fields),)))

    assert (
        "    ports[*].hostPort must be 0\n"
        "      cart.yaml:1: container cart: 80\n"
        "      cart.yaml:2: container cart: 80\n"
    ) in shown


@pytest.mark.parametrize(
    ("level", "highest", "remark"),
    [
        (Level.RESTRICTED, Level.BASELINE, " (it meets baseline)"),
        (Level.RESTRICTED, Level.PRIVILEGED, " (and baseline)"),
        (Level.BASELINE, Level.PRIVILEGED, ""),
    ],
)
def test_the_title_says_how_far_it_is_from_the_next_level(level: Level, highest: Level, remark: str) -> None:
    verdict = VERDICT._replace(standard=VERDICT.standard._replace(level=level), highest_level=highest)

    assert f"would violate {level}:latest{remark}\n" in rendered(verdict)


def test_names_that_are_missing_are_said_to_be() -> None:
    verdict = with_field(holder=Holder("container", None))._replace(
        object=ObjectName("v1", "Pod", None, None)
    )

    assert rendered(verdict).startswith("cart.yaml:1: Pod without a name would")
    assert "cart.yaml:19: container without a name: not set" in rendered(verdict)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"denied": 0, "allowed": 2}, "3 objects, 2 pods: all conform to restricted:latest\n"),
        (
            {"denied": 0, "allowed": 2, "exempt": 1},
            "3 objects, 2 pods: all conform to restricted:latest (1 exempt)\n",
        ),
        ({"errors": 1}, "3 objects, 2 pods: 1 denied, 1 allowed; 1 error\n"),
        ({"objects": 1, "pods": 0, "denied": 0}, "1 object, 0 pods: no pod to judge\n"),
        ({"objects": 12_345}, "12,345 objects, 2 pods: 1 denied, 1 allowed\n"),
    ],
)
def test_the_summary_counts(changes: dict[str, int], sentence: str) -> None:
    assert sentence in rendered(summary=SUMMARY._replace(**changes))


def test_problems_are_listed_where_nobody_else_tells_them() -> None:
    problems = (Problem("broken.yaml", 7, "no\nkey"), Problem("gone.yaml", None, "not there"))

    assert "broken.yaml:7: no\\nkey\ngone.yaml: not there\n" in rendered(problems=problems)
    assert "gone" not in rendered(problems=problems, look=Look("x", lists_problems=False))


def test_color_changes_nothing_but_color() -> None:
    colored = rendered(VERDICT, look=Look("seccomp-webhook", has_color=True))

    assert "\x1b[31m" in colored
    for code in (0, 1, 2, 31, 32, 36):
        colored = colored.replace(f"\x1b[{code}m", "")
    assert colored == rendered(VERDICT)


@given(st.lists(ANY_TEXT, min_size=3, max_size=3))
def test_no_text_can_reach_the_terminal_but_as_text(texts: list[str]) -> None:
    shown = rendered(hostile(*texts), problems=(Problem(texts[0], 1, texts[1]),))

    assert shown.replace("\n", "").isprintable()
    assert shown.count("\n") == rendered(hostile("f", "a", "b"), problems=(Problem("f", 1, "x"),)).count("\n")
