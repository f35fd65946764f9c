"""Every container must run under a seccomp profile, as level restricted asks, without the rest of it."""

from collections.abc import Iterator

from webhook.policy.check import Violation, since
from webhook.policy.checks.seccomp_profile_baseline import ANNOTATED, in_annotations
from webhook.policy.checks.seccomp_profile_restricted import CHECK as RESTRICTED
from webhook.policy.checks.seccomp_profile_restricted import unfiltered
from webhook.policy.extra import Extra
from webhook.policy.pod import Pod
from webhook.policy.standard import Level


def from_the_first(pod: Pod) -> Iterator[Violation]:
    """As from v1.19 on, though the standards had no such control yet; annotations as at level baseline."""
    yield from in_annotations(pod)
    yield from unfiltered(pod)


# Rules, words and revisions are those of the standards' own control: it would be odd if the same container
# were refused in other words, or not at all, because the rest of the level is not asked. But a label of the
# namespace that names an old version must not switch off what the configuration asks for.
EXTRA = Extra(
    check=RESTRICTED._replace(
        id="seccompRequired",
        level=Level.BASELINE,
        about=__doc__,
        rules=(ANNOTATED, *RESTRICTED.rules),
        revisions=(since("v1.0", from_the_first), *RESTRICTED.revisions),
    ),
    yields_to=RESTRICTED.id,
    switch="controls: {seccompRequired: {level: baseline}}",
)
