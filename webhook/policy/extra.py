"""The shape of an extra control: one of ours, which nobody is asked for unless a configuration says so."""

from typing import NamedTuple

from webhook.policy.check import Check


class Extra(NamedTuple):
    """A control beside the standards.

    ``yields_to`` is the id of the control of the standards that asks for the same: where that is in force,
    this one is not asked. ``switch`` is how a configuration asks for it, for people to read.
    """

    check: Check
    yields_to: str
    switch: str
