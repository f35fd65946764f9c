"""Manifests: files, folders and standard input, read as Kubernetes reads them."""

from webhook.manifests.document import Document, Unreadable
from webhook.manifests.reading import read

__all__ = ["Document", "Unreadable", "read"]
