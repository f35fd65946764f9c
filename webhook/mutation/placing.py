"""Where a field goes that a pod can set for all of its containers: to the pod, or to single containers."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from webhook.mutation.default import LeftAlone, Put, Subject
from webhook.policy.core_v1 import Container, ContainerSecurityContext

Unset = Sequence[tuple[Container, ContainerSecurityContext]]
"""Containers that say nothing themselves and inherit nothing."""


def anywhere(_node: Container | None) -> str:
    """The obstacle where there is none."""
    return ""


def placed(
    subject: Subject,
    put: tuple[tuple[str, ...], Any],
    unset: Unset,
    *,
    why_not: Callable[[ContainerSecurityContext], str],
    obstacle: Callable[[Container | None], str] = anywhere,
) -> Iterator[Put | LeftAlone]:
    """*put*, a field and its value, for all *unset* containers but those that *why_not* names a reason for.

    Goes to the pod, as one operation that also covers containers added later, unless a container that is
    left alone would inherit it. *obstacle* is why the API server would refuse the field at a place. What an
    exception lets a container be without is not put into it.
    """
    field, value = put
    wanting = [each for each in unset if not subject.may_lack(each[0], field)]
    reasons = [(container, why_not(context)) for container, context in wanting]
    barred = [LeftAlone(container, why) for container, why in reasons if why]
    yield from barred
    if len(barred) == len(reasons):
        return
    if subject.is_new and not barred and len(wanting) == len(unset) and not obstacle(None):
        yield Put(None, field, value)
        return
    for container, why in reasons:
        if not why:
            refused = obstacle(container)
            yield LeftAlone(container, refused) if refused else Put(container, field, value)
