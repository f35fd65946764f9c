"""What is doubtful about exceptions, day by day."""

from datetime import date

import pytest

from tests.policy.excepting import exceptions_of
from webhook.config.advice import doubts_of_time


@pytest.mark.parametrize(
    ("expires", "kinds"),
    [
        ("2026-11-21", ["expired"]),
        ("2026-11-22", ["expires-soon"]),
        ("2026-12-05", ["expires-soon"]),
        ("2026-12-06", []),
    ],
)
def test_exceptions_are_told_of_from_fourteen_days_before_their_end(expires: str, kinds: list[str]) -> None:
    doubts = doubts_of_time(exceptions_of({"expires": expires}), date(2026, 11, 22))

    assert [each.kind for each in doubts] == kinds
