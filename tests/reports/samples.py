"""Verdicts to show."""

from hypothesis import strategies as st

from webhook.policy.standard import LATEST, Level, Standard
from webhook.reports.verdict import (
    Holder,
    ObjectName,
    OffendingField,
    Source,
    Summary,
    Verdict,
    Violation,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
RESTRICTED = Standard(Level.RESTRICTED, LATEST)
SUMMARY = Summary(objects=3, pods=2, allowed=1, denied=1, errors=0, exempt=0, standard=RESTRICTED)
FIELD = OffendingField(
    path=("spec", "template", "spec", "containers", 0, "securityContext", "seccompProfile", "type"),
    own=3,
    holder=Holder("container", "cart"),
    line=19,
    value=None,
    is_filled_in=False,
    must='"RuntimeDefault" or "Localhost", here or in spec.securityContext of the pod',
)
VIOLATION = Violation(
    control="seccompProfile_restricted",
    level=Level.RESTRICTED,
    reason="seccompProfile",
    detail='pod or container "cart" must set securityContext.seccompProfile.type to ...',
    fields=(FIELD,),
)
VERDICT = Verdict(
    source=Source("cart.yaml", 1, 1),
    object=ObjectName("apps/v1", "Deployment", "shop", "cart"),
    standard=RESTRICTED,
    allowed=False,
    highest_level=Level.BASELINE,
    message='would violate PodSecurity "restricted:latest": ...',
    violations=(VIOLATION,),
)


def hostile(file: str, name: str, value: str) -> Verdict:
    """The verdict about an object whose every text is somebody else's."""
    field = FIELD._replace(
        path=("metadata", "annotations", name),
        own=3,
        holder=Holder("container", name),
        value=[value, {name: value}],
    )
    violation = VIOLATION._replace(detail=f'container "{name}" must not {value}', fields=(field, FIELD))
    return VERDICT._replace(
        source=Source(file, 1, 1),
        object=ObjectName("v1", "Pod", name, value),
        message=f"would violate {name}",
        violations=(violation,),
    )
