"""The default /proc hides parts of the kernel; this level wants it even in a user namespace."""

from webhook.policy.check import Check, since
from webhook.policy.checks.proc_mount import CHECK as BASELINE
from webhook.policy.checks.proc_mount import RULE, unmasked
from webhook.policy.standard import Level

CHECK = Check(
    id="procMount_restricted",
    level=Level.RESTRICTED,
    reason=BASELINE.reason,
    about=__doc__,
    fields=BASELINE.fields,
    rules=(RULE,),
    revisions=(since("v1.35", unmasked),),
    overrides=(BASELINE.id,),
)
