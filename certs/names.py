"""The names a serving certificate vouches for.

Source: RFC 1123 section 2.1 for host names, RFC 5280 section 4.2.1.6 for how a certificate holds them.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple, Self

_HOST = re.compile(
    r"(?!.{254})([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", re.ASCII
)


class BadName(ValueError):
    """The text is neither a host name nor an IP address."""


class Names(NamedTuple):
    """Host names and IP addresses, each once, in the order in which they were given."""

    hosts: tuple[str, ...] = ()
    addresses: tuple[IPv4Address | IPv6Address, ...] = ()

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Self:
        """The names that *texts* are. Raises BadName."""
        hosts: dict[str, None] = {}
        addresses: dict[IPv4Address | IPv6Address, None] = {}
        for text in texts:
            try:
                addresses[ip_address(text)] = None
            except ValueError:
                host = text.lower()
                if not _HOST.fullmatch(host):
                    raise BadName(f"{text!r} is neither a host name nor an IP address") from None
                hosts[host] = None
        return cls(tuple(hosts), tuple(addresses))

    def without(self, others: "Names") -> "Names":
        """These names, less the *others*."""
        return Names(
            tuple(host for host in self.hosts if host not in others.hosts),
            tuple(address for address in self.addresses if address not in others.addresses),
        )

    def __str__(self) -> str:
        return ", ".join([*self.hosts, *map(str, self.addresses)])
