"""``python -m webhook`` is the command line."""

from webhook.cli import main

main()
