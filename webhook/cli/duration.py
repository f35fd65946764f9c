"""Lengths of time as options take them."""

import re
from datetime import timedelta
from typing import Final

import click

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Duration(click.ParamType[timedelta]):
    """``90s``, ``3m``, ``12h``, ``60d``."""

    name = "duration"

    def convert(
        self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """The time that *value* is. Fails for anything else."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"([0-9]{1,6})([smhd])", value, re.ASCII)
        if not found:
            self.fail(f"{value!r} is no length of time such as 90s, 3m, 12h or 60d.", param, ctx)
        return timedelta(**{_UNITS[found[2]]: int(found[1])})
