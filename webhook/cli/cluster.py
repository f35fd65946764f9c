"""Which cluster is asked: the one that this process runs in, or that of a kubeconfig."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from webhook.reports.printable import printable

if TYPE_CHECKING:
    from webhook.cluster import LiveCluster

# Kubernetes sets it in every container.
_IN_A_CLUSTER = "KUBERNETES_SERVICE_HOST"


def cluster_of(kubeconfig: str | None, environment: Mapping[str, str]) -> "LiveCluster":
    """The cluster of *kubeconfig*; else that of the service account; else that of ``$KUBECONFIG``.

    Raises click's exceptions where there is none, or its credentials cannot be read.
    """
    # The client is heavy, and other commands do without it.
    from webhook.cluster import Access, LiveCluster, NoAccess  # noqa: PLC0415

    if kubeconfig is not None:
        access = Access.of_kubeconfig(kubeconfig)
    elif environment.get(_IN_A_CLUSTER):
        access = Access.of_service_account()
    elif named := environment.get("KUBECONFIG"):
        access = Access.of_kubeconfig(named)
    else:
        raise click.UsageError(
            "This is not in a cluster: name one with --kubeconfig FILE or $KUBECONFIG, "
            "or manifests of namespaces with --namespaces FILE."
        )
    try:
        return LiveCluster(access.checked())
    except NoAccess as error:
        raise click.ClickException(printable(str(error))) from error
