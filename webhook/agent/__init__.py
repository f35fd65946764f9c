"""The agent of a node: tells which profiles the node holds, and puts profiles there.

It reads and writes files, and asks the API server through ``webhook.cluster``. What a report says is decided
in ``webhook.nodes`` and ``webhook.seccomp``.
"""
