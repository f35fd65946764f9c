"""Safe values put into pods that left them open: which, where, and in which words it is told.

No input or output here: a typed pod in, the operations of a JSON Patch out.
"""

from webhook.mutation.engine import NOTHING, Filled, Outcome, fill_in
from webhook.mutation.excused import Relief
from webhook.mutation.patch import Operation, operations
from webhook.mutation.switches import NONE, RESTRICTED, STANDARD, Switches

__all__ = [
    "NONE",
    "NOTHING",
    "RESTRICTED",
    "STANDARD",
    "Filled",
    "Operation",
    "Outcome",
    "Relief",
    "Switches",
    "fill_in",
    "operations",
]
