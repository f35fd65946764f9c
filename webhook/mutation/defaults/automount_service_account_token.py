"""Every pod is handed a token for the API server, used or not: only pods that ask for it still get one.

Put into new service accounts, not into pods: before any webhook sees a pod, the API server's own plugin
ServiceAccount has mounted the token, and the field would say what is not so.
"""

from collections.abc import Iterator

from webhook.mutation.default import Default, Put, Subject
from webhook.mutation.patch import Operation

ID = "automountServiceAccountToken"


def in_pods(_subject: Subject) -> Iterator[Put]:
    """Nothing: in a pod it comes too late."""
    return iter(())


def in_account(automount: bool | None) -> Operation | None:  # noqa: FBT001 - the field itself
    """What is put into a service account whose field is *automount*; pods that say otherwise have their way.

    Source: Kubernetes documentation, "Configure Service Accounts for Pods".
    """
    return Operation(f"/{ID}", value=False) if automount is None else None


DEFAULT = Default(
    id=ID,
    about=__doc__.partition("\n")[0],
    fields={"automountServiceAccountToken, of a new ServiceAccount": "false"},
    finds=in_pods,
    left_alone=(
        "pods, where the token is mounted before any webhook is asked",
        "service accounts that exist",
    ),
)
