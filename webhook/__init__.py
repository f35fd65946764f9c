"""Pod Security admission for Kubernetes: one engine behind a webhook and a command line."""

__version__ = "0.1.0"
