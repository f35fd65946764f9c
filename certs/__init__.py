"""Certificates for serving: an authority, leaves of it, and where they are kept.

Stands apart: imports nothing of ``webhook``, and ``webhook`` serves any certificate, made here or not.
"""

from certs.authority import Authority, Leaf
from certs.names import BadName, Names
from certs.places import Failure, Refused
from certs.self_signed import SelfSigned, self_signed

__all__ = ["Authority", "BadName", "Failure", "Leaf", "Names", "Refused", "SelfSigned", "self_signed"]
