"""Which addresses are nobody's public web server: our own table from the IANA registries.

The standard library's `is_global` differs from version to version and lets some of these
through, so the ranges stand here, each with its name. An IPv6 address that is not in the table
is public only inside 2000::/3, the one block from which such addresses are given out; an
address that carries an IPv4 address inside it is no better than that one.
"""

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)

# https://www.iana.org/assignments/iana-ipv4-special-registry, multicast, and one address of a
# cloud that is public by its range.
_IPV4 = (
    (IPv4Network("0.0.0.0/8"), "this network"),
    (IPv4Network("10.0.0.0/8"), "a private network"),
    (IPv4Network("100.64.0.0/10"), "a provider's inner network"),
    (IPv4Network("127.0.0.0/8"), "this machine"),
    (IPv4Network("169.254.0.0/16"), "the local link, where clouds keep their metadata"),
    (IPv4Network("172.16.0.0/12"), "a private network"),
    (IPv4Network("192.0.0.0/24"), "protocol assignments"),
    (IPv4Network("192.0.2.0/24"), "documentation"),
    (IPv4Network("192.88.99.0/24"), "the old 6to4 relays"),
    (IPv4Network("192.168.0.0/16"), "a private network"),
    (IPv4Network("198.18.0.0/15"), "benchmarking"),
    (IPv4Network("198.51.100.0/24"), "documentation"),
    (IPv4Network("203.0.113.0/24"), "documentation"),
    (IPv4Network("224.0.0.0/4"), "multicast"),
    (IPv4Network("240.0.0.0/4"), "reserved, or broadcast"),
    (IPv4Network("168.63.129.16/32"), "a cloud's platform service"),
)
# https://www.iana.org/assignments/iana-ipv6-special-registry and the IPv6 address space; the
# first that holds an address names it.
_IPV6 = (
    (IPv6Network("::/128"), "no address"),
    (IPv6Network("::1/128"), "this machine"),
    (IPv6Network("::/96"), "an IPv4 address in an old form"),
    (IPv6Network("::ffff:0:0/96"), "an IPv4 address mapped into IPv6"),
    (IPv6Network("::ffff:0:0:0/96"), "an IPv4 address translated into IPv6"),
    (IPv6Network("64:ff9b:1::/48"), "a local translation to IPv4"),
    (IPv6Network("100::/64"), "discarded traffic"),
    (IPv6Network("2001::/32"), "a Teredo tunnel"),
    (IPv6Network("2001:2::/48"), "benchmarking"),
    (IPv6Network("2001:10::/28"), "ORCHID identifiers"),
    (IPv6Network("2001:20::/28"), "ORCHID identifiers"),
    (IPv6Network("2001::/23"), "protocol assignments"),
    (IPv6Network("2001:db8::/32"), "documentation"),
    (IPv6Network("2002::/16"), "a 6to4 tunnel"),
    (IPv6Network("3fff::/20"), "documentation"),
    (IPv6Network("5f00::/16"), "segment routing"),
    (IPv6Network("fc00::/7"), "a private network"),
    (IPv6Network("fe80::/10"), "the local link"),
    (IPv6Network("fec0::/10"), "a private network of the old kind"),
    (IPv6Network("ff00::/8"), "multicast"),
)
_GIVEN_OUT = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: how a network without IPv4 reaches the IPv4 web
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: the upper half of such an interface identifier


def refusal(text: str) -> str | None:
    """Return why an address is not dialled, None for a public one.

    Args:
        text: The address as the operating system writes it; a zone id is no address.

    Example:
        >>> refusal("127.0.0.1")
        'this machine'
        >>> refusal("192.0.1.1")
    """
    try:
        address = ip_address(text)
    except ValueError:
        return "no address"
    return _of_ipv4(address) if isinstance(address, IPv4Address) else _of_ipv6(address)


def _of_ipv4(address: IPv4Address) -> str | None:
    return next((name for network, name in _IPV4 if address in network), None)


def _of_ipv6(address: IPv6Address) -> str | None:
    if address.scope_id is not None:
        return "an address of one link"
    if address in _NAT64:
        return _of_ipv4(IPv4Address(int(address) & 0xFFFF_FFFF))
    for network, name in _IPV6:
        if address in network:
            return name
    if address not in _GIVEN_OUT:
        return "not given out to anybody"
    if (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return "an ISATAP tunnel"
    return None
