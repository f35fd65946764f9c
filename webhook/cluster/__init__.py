"""A cluster behind its API server: the only package that knows a Kubernetes client."""

from webhook.cluster.access import Access, NoAccess
from webhook.cluster.live import LiveCluster, Remembered
from webhook.cluster.observer import Observer

__all__ = ["Access", "LiveCluster", "NoAccess", "Observer", "Remembered"]
