"""Seccomp profiles, judged by what a runtime really loads.

``dialects`` reads the bytes as a runtime's own reader does; ``loaded`` says what the runtime makes of them
for given capabilities, architecture, kernel and libseccomp; ``verdict`` answers what becomes of one call;
``judge`` compares with the runtime's default profile; ``lints`` says what somebody will trip over.
"""
