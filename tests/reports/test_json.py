"""The report for programs: the contract, and that hostile text cannot break it."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.reports.samples import ANY_TEXT, SUMMARY, VERDICT, VIOLATION, hostile
from webhook.reports.formats import Look, report_in
from webhook.reports.verdict import Problem, Verdict

PATH = "spec.template.spec.containers[0].securityContext.seccompProfile.type"


def rendered(*verdicts: Verdict, problems: tuple[Problem, ...] = ()) -> Any:  # noqa: ANN401 - JSON
    report = report_in("json", Look("seccomp-webhook"))
    pieces = report.separator.join(report.verdict(each) for each in verdicts)
    text = f"{report.head(SUMMARY)}{pieces}{report.tail(SUMMARY, problems)}"

    assert text.replace("\n", "").isprintable()
    return json.loads(text.encode())


def test_the_report_is_the_contract() -> None:
    report = rendered(
        VERDICT, problems=(Problem("broken.yaml", 7, "no"), Problem("gone.yaml", None, "not there"))
    )

    assert json.dumps(report) == json.dumps(
        {
            "apiVersion": "seccomp-webhook.io/v1",
            "kind": "CheckReport",
            "summary": {"objects": 3, "pods": 2, "allowed": 1, "denied": 1, "errors": 0},
            "results": [
                {
                    "source": {"file": "cart.yaml", "document": 1, "line": 1},
                    "object": {
                        "apiVersion": "apps/v1",
                        "kind": "Deployment",
                        "namespace": "shop",
                        "name": "cart",
                    },
                    "level": "restricted",
                    "version": "latest",
                    "allowed": False,
                    "highestLevel": "baseline",
                    "message": 'would violate PodSecurity "restricted:latest": ...',
                    "violations": [
                        {
                            "control": "seccompProfile_restricted",
                            "level": "restricted",
                            "reason": "seccompProfile",
                            "detail": VIOLATION.detail,
                            "fields": [{"path": PATH, "container": "cart", "line": 19, "value": None}],
                        }
                    ],
                }
            ],
            "errors": [
                {"file": "broken.yaml", "line": 7, "message": "no"},
                {"file": "gone.yaml", "line": None, "message": "not there"},
            ],
        }
    )


def test_a_report_of_nothing_is_whole() -> None:
    report = rendered()

    assert report["results"] == []
    assert report["errors"] == []


@given(st.lists(ANY_TEXT, min_size=3, max_size=3))
def test_any_text_gives_valid_json(texts: list[str]) -> None:
    report = rendered(hostile(*texts), VERDICT, problems=(Problem(texts[0], 1, texts[1]),))

    assert len(report["results"]) == 2


def test_a_file_name_that_is_no_utf_8_is_shown_by_its_bytes() -> None:
    report = rendered(hostile("caf\udce9.yaml", "a", "b"))

    assert report["results"][0]["source"]["file"] == "caf\\xe9.yaml"
