"""Every level and version, and those versions at which anything changes."""

from hypothesis import strategies as st

from webhook.policy.checks import CHECKS
from webhook.policy.engine import NEWEST
from webhook.policy.standard import LATEST, Level, Standard, Version

LEVELS = (Level.BASELINE, Level.RESTRICTED)

VERSIONS = (*map(Version, range(NEWEST + 4)), Version(99), LATEST)
"""All that are known, and some that are not yet."""

TURNS = tuple(
    sorted(
        {
            *(
                Version(max(0, revision.since - step))
                for check in CHECKS
                for revision in check.revisions
                for step in (0, 1)
            ),
            Version(99),
            LATEST,
        }
    )
)
"""The first version of each revision of a control, and the version before it."""

STANDARDS = tuple(Standard(level, version) for level in LEVELS for version in VERSIONS)
TURNING_STANDARDS = tuple(Standard(level, version) for level in LEVELS for version in TURNS)


def standards() -> st.SearchStrategy[Standard]:
    """A level that asks something, at any version."""
    return st.sampled_from(STANDARDS[::-1])
