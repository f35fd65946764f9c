"""What of a standard was asked, in words."""

import pytest

from webhook.policy.checks import CHECKS
from webhook.policy.patterns import Name
from webhook.policy.selection import Wanted
from webhook.policy.standard import LATEST, Level, Standard
from webhook.reports.scope import scope

BASELINE, RESTRICTED = (Standard(level, LATEST) for level in (Level.BASELINE, Level.RESTRICTED))
REQUIRED = Wanted("seccompRequired", Level.BASELINE)
NINE = frozenset(check.id for check in CHECKS[:9])


@pytest.mark.parametrize(
    ("standard", "only", "wanted", "said"),
    [
        (RESTRICTED, None, (), "restricted:latest"),
        (RESTRICTED, frozenset({"privileged"}), (), "privileged of restricted:latest"),
        (BASELINE, frozenset({"sysctls", "hostPorts"}), (), "hostPorts, sysctls of baseline:latest"),
        (BASELINE, frozenset({"sysctls", "runAsNonRoot"}), (), "sysctls of baseline:latest"),
        (RESTRICTED, NINE, (), "9 of the 15 controls of restricted:latest"),
        (
            BASELINE,
            frozenset({"runAsNonRoot"}),
            (),
            "nothing: no selected control is part of baseline:latest",
        ),
        (BASELINE, None, (REQUIRED,), "baseline:latest and seccompRequired"),
        (BASELINE, None, (REQUIRED._replace(level=Level.RESTRICTED),), "baseline:latest"),
        (
            BASELINE,
            frozenset({"sysctls"}),
            (REQUIRED._replace(namespaces=(Name("shop"), Name("till-", is_prefix=True))),),
            "sysctls of baseline:latest and seccompRequired (in shop, till-*)",
        ),
    ],
)
def test_it_names_the_controls_that_were_asked(
    standard: Standard, only: frozenset[str] | None, wanted: tuple[Wanted, ...], said: str
) -> None:
    assert scope(standard, only, wanted) == said
