"""The default profiles of the runtimes, asked from the runtimes' own code and kept as data.

``python -m tools.runtime_defaults`` writes ``webhook/seccomp/data/runtime_defaults/`` anew (needs Go).
"""
