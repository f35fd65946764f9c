"""How errors of fields are told."""

import pytest

from webhook.policy.field_error import DUPLICATE, FieldError, aggregated


def test_an_error_tells_its_field_its_value_and_the_problem() -> None:
    error = FieldError("spec.x", 'a"b', "must be c")

    assert str(error) == 'spec.x: Invalid value: "a\\"b": must be c'
    assert error.body == 'Invalid value: "a\\"b": must be c'


def test_a_duplicate_needs_no_explanation() -> None:
    assert str(FieldError("names[1]", "a", type=DUPLICATE)) == 'names[1]: Duplicate value: "a"'


@pytest.mark.parametrize(
    ("errors", "told"),
    [(("a",), "a"), (("a", "b"), "[a, b]"), (("a", "a"), "a"), (("b", "a", "b"), "[b, a]")],
)
def test_several_errors_are_told_in_one_line_each_once(errors: tuple[str, ...], told: str) -> None:
    assert aggregated(errors) == told
