"""Who wants no defaults: a label on the namespace, or on a pod whose namespace lets its pods choose.

A label on a pod alone changes nothing: whoever writes a pod must not be able to switch off what protects
others from it.
"""

from collections.abc import Mapping
from typing import Final

LABEL: Final = "seccomp-webhook.io/defaults"
DISABLED: Final = "disabled"
"""On a namespace: nothing is put into its pods. On a pod: nor into it, if the namespace allows that."""
OPTIONAL: Final = "optional"
"""On a namespace: its pods may switch the defaults off for themselves."""

IGNORED: Final = f'label {LABEL} ignored: the namespace does not say "{OPTIONAL}"'


def is_declined(namespace: Mapping[str, str], pod: Mapping[str, str | None]) -> bool:
    """Whether the labels of the namespace, with those of the pod, say that nothing is to be put in."""
    wish = namespace.get(LABEL)
    return wish == DISABLED or (wish == OPTIONAL and pod.get(LABEL) == DISABLED)


def is_ignored(namespace: Mapping[str, str], pod: Mapping[str, str | None]) -> bool:
    """Whether the pod declines what it may not decline."""
    return pod.get(LABEL) == DISABLED and namespace.get(LABEL) not in (DISABLED, OPTIONAL)
