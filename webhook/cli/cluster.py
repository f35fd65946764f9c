"""Which cluster is asked: the one that this process runs in, or that of a kubeconfig."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from webhook.reports.printable import printable

if TYPE_CHECKING:
    from webhook.admission import Cluster
    from webhook.cluster import Access

# Kubernetes sets it in every container.
_IN_A_CLUSTER = "KUBERNETES_SERVICE_HOST"


def _nothing() -> None:
    """What manifests wait for."""


def _no_nodes(*, wanted: bool) -> None:
    """What becomes of the wish for nodes where there are none."""


class Asked(NamedTuple):
    """Where namespaces are asked for, what of it is in memory, what it still waits for, and how it starts.

    ``follow_nodes`` is told whether nodes and the profiles on them are wanted.
    """

    cluster: "Cluster"
    at_once: "Cluster"
    waits_for: Callable[[], str | None] = _nothing
    follow: Callable[[Any], None] | None = None
    follow_nodes: Callable[..., None] = _no_nodes


def kubeconfig_of(kubeconfig: str | None, environment: Mapping[str, str], otherwise: str = "") -> str | None:
    """The files that say which cluster: *kubeconfig*, or ``$KUBECONFIG``; None is the one around us.

    Raises UsageError where there is none, with what could be done *otherwise*.
    """
    if kubeconfig is not None:
        return kubeconfig
    if environment.get(_IN_A_CLUSTER):
        return None
    if named := environment.get("KUBECONFIG"):
        return named
    raise click.UsageError(
        f"This is not in a cluster: name one with --kubeconfig FILE or $KUBECONFIG{otherwise}."
    )


def access(
    kubeconfig: str | None,
    environment: Mapping[str, str],
    otherwise: str = "",
    *,
    context: str | None = None,
) -> "Access":
    """The access to the cluster of *kubeconfig*; else to that of the service account; else ``$KUBECONFIG``'s.

    Raises click's exceptions where there is none, or its credentials cannot be read; *otherwise* is as above.
    *context* is one of the kubeconfig's.
    """
    files = kubeconfig_of(kubeconfig, environment, otherwise)
    if files is None and context is not None:
        raise click.UsageError("A context is one of a kubeconfig: name that with --kubeconfig FILE.")
    from webhook.cluster import Access, NoAccess  # noqa: PLC0415 - heavy, and others do without it

    found = Access.of_service_account() if files is None else Access.of_kubeconfig(files, context)
    try:
        return found.checked()
    except NoAccess as error:
        raise click.ClickException(printable(str(error))) from error


def live(kubeconfig: str | None, environment: Mapping[str, str]) -> Asked:
    """The cluster that ``access`` finds. Raises as it does."""
    from webhook.cluster import LiveCluster, Remembered  # noqa: PLC0415 - as above

    cluster = LiveCluster(
        access(kubeconfig, environment, ", or manifests of namespaces with --namespaces FILE")
    )
    return Asked(cluster, Remembered(cluster), cluster.waits_for, cluster.start, cluster.follow_nodes)
