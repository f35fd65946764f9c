"""Every container must run under a seccomp profile, as level restricted asks, without the rest of it."""

from webhook.policy.checks.seccomp_profile_restricted import CHECK as RESTRICTED
from webhook.policy.extra import Extra
from webhook.policy.standard import Level

# Rules, words and revisions are those of the standards' own control: it would be odd if the same container
# were refused in other words, or not at all, because the rest of the level is not asked.
EXTRA = Extra(
    check=RESTRICTED._replace(id="seccompRequired", level=Level.BASELINE, about=__doc__),
    yields_to=RESTRICTED.id,
    switch="controls: {seccompRequired: {level: baseline}}",
)
