"""The container image of the webhook, made from files that this machine has: ``python -m tools.image``."""
