"""The guard: which addresses may be connected to.

Entries come from strangers: a URL, a redirect or a name may lead into the network that archivist
runs in. So each address is looked at when it is connected to, after names are resolved, whatever
said that it should be. (OWASP, "Server-Side Request Forgery Prevention"; IANA's registries of
special-purpose addresses, as Python's `ipaddress` has them.)
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Public by number and yet the host's own: where a cloud's machines learn their secrets.
_METADATA = frozenset((ip_address("168.63.129.16"),))
_NAT64 = ip_network("64:ff9b::/96")


@lru_cache(maxsize=4096)
def is_public(address: str) -> bool:
    """True for an address of the public internet.

    False for private, loopback, link-local, multicast, reserved and metadata addresses, for IPv6
    addresses that stand for such an IPv4 address, and for what is no address.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_plainly_public(one) for one in (found, *_within(found)))


def _is_plainly_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and address not in _METADATA


def _within(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address carries: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]
