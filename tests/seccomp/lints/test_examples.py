"""Every lint against its own examples, which are also what its users read."""

import json
from pathlib import Path

import pytest

from webhook.seccomp import lints
from webhook.seccomp.document import Document
from webhook.seccomp.lint import Lint
from webhook.seccomp.linting import lint
from webhook.seccomp.lints import LINTS
from webhook.seccomp.reference import render, runtimes_of
from webhook.seccomp.target import RUNTIMES, Loader, Reader

MODULES = Path(lints.__file__).parent
every_lint = pytest.mark.parametrize("each", LINTS, ids=lambda each: each.id)


@every_lint
def test_a_lint_is_found_in_its_example(each: Lint) -> None:
    assert runtimes_of(each)


@every_lint
def test_a_lint_is_not_found_in_the_example_that_is_clean(each: Lint) -> None:
    targets = [each.target._replace(runtime=runtime) for runtime in RUNTIMES]

    assert lint(Document(each.clean.encode()), targets, [each]) == ()


@every_lint
def test_a_finding_has_a_line_of_the_file_and_one_sentence(each: Lint) -> None:
    targets = [each.target._replace(runtime=runtime) for runtime in RUNTIMES]

    for found in lint(Document(each.example.encode()), targets, [each]):
        assert 1 <= found.place.line <= each.example.count("\n") + 1
        assert found.message == found.message.strip()
        assert "\n" not in found.message


@every_lint
def test_a_lint_says_why_and_what_to_do(each: Lint) -> None:
    assert json.loads(each.example) != json.loads(each.clean)
    assert all((each.title.endswith("."), each.why.endswith("."), each.advice.endswith("."), each.source))
    assert len(each.title) <= 100
    assert each.differences.keys() <= {*Reader, *Loader}
    assert each.look.__doc__


def test_a_lint_is_called_as_its_module() -> None:
    assert {each.id.replace("-", "_") for each in LINTS} == {
        file.stem for file in MODULES.glob("*.py") if file.stem != "__init__"
    }


def test_the_table_of_lints_is_fresh() -> None:
    assert (MODULES / "README.md").read_text(encoding="utf-8") == render(), "run make docs"
