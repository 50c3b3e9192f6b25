"""Which addresses may be asked at all (hostile rows H50 and H51). Pure, but for `look_up`."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

MAX_URL = 4096
PORT = 443

_URL = re.compile(r"https://([a-z0-9.-]{1,253})(?::443)?([/?][\x21-\x7e]*)?", re.IGNORECASE)
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""A host name of two labels at least, whose last one begins with a letter: no IP address in any writing does."""

_ASSIGNED = IPv6Network("2000::/3")
"""All of IPv6 that is the public internet. Source: IANA IPv6 address space registry."""
_UNFIT = tuple(
    ip_network(block)
    for block in (
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # a cloud's own service behind a public-looking address
        "2001::/23",  # IETF protocol assignments, Teredo among them: an IPv4 address may be inside
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address is inside
        "3fff::/20",
    )
)
"""Taken out by hand, because Python versions disagree on them, or because something else hides behind them.
Source: IANA special-purpose address registries."""


class Blocked(Exception):
    """The address may not be asked. `reason` is a word for logs and never part of the address.

    `form` (no plain https address), `host` (not on the list), `address` (the name leads to no public address),
    `redirect` (the answer sends us somewhere else).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoSuchHost(Exception):
    """The name has no address, or nobody could say in time."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to ask, and for what. `path` begins with a slash and holds the query; the fragment is gone."""

    host: str
    path: str


def target(url: str, hosts: Iterable[str]) -> Target:
    """Take a URL apart and check it against the exact list of hosts; an entry with a dot in front is a suffix.

    One pattern for the whole address, so that there are no two readings of it: https, port 443, no user, no IP
    address, nothing but printable ASCII.

    Raises:
        Blocked
    """
    plain = url.partition("#")[0]
    found = _URL.fullmatch(plain) if len(url) <= MAX_URL else None
    if not found or "\\" in plain:
        raise Blocked("form")
    host, path = found[1].lower(), found[2] or "/"
    if not _NAME.fullmatch(host):
        raise Blocked("form")
    if not any(host == entry or (entry.startswith(".") and host.endswith(entry)) for entry in hosts):
        raise Blocked("host")
    return Target(host, path if path.startswith("/") else f"/{path}")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, and leads to no other one hidden inside it."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and (found not in _ASSIGNED or found.scope_id):
        return False  # mapped, translated (NAT64), local, multicast: all outside of 2000::/3
    if any(found.version == block.version and found in block for block in _UNFIT):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def public_only(addresses: Sequence[str]) -> list[str]:
    """The addresses of one name, IPv4 first.

    Raises:
        Blocked: one of them is not public. A name with a foot in a private network is not asked at all.
        NoSuchHost: there are none.
    """
    if not addresses:
        raise NoSuchHost
    if not all(map(is_public, addresses)):
        raise Blocked("address")
    return sorted(addresses, key=lambda a: ":" in a)


def look_up(host: str, seconds: float) -> list[str]:
    """All addresses of a name, asked once. The resolver knows no time limit, so it is waited for in a thread.

    Raises:
        NoSuchHost
    """
    found: list[str] = []

    def ask() -> None:
        try:
            # The dot at the end keeps the machine's search domains out of it.
            answers = socket.getaddrinfo(f"{host}.", PORT, type=socket.SOCK_STREAM)
        except OSError:
            return
        found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if asking.is_alive() or not found:
        raise NoSuchHost
    return list(found)
