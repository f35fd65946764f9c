"""The command line: the modules in ``commands`` are its commands, the ones beside it what they share."""

from webhook.cli.program import main

__all__ = ["main"]
