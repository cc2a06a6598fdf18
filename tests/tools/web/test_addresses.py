"""Which addresses are public: the edges of every range, worked out from the IANA registries."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.tools.web.addresses import refusal

# First and last address of each range, the reason, and the neighbours outside where those are
# public (None where another range begins there).
RANGES = [
    ("0.0.0.0", "0.255.255.255", "this network", None, "1.0.0.0"),
    ("10.0.0.0", "10.255.255.255", "private", "9.255.255.255", "11.0.0.0"),
    ("100.64.0.0", "100.127.255.255", "provider", "100.63.255.255", "100.128.0.0"),
    ("127.0.0.0", "127.255.255.255", "this machine", "126.255.255.255", "128.0.0.0"),
    ("168.63.129.16", "168.63.129.16", "platform", "168.63.129.15", "168.63.129.17"),
    ("169.254.0.0", "169.254.255.255", "metadata", "169.253.255.255", "169.255.0.0"),
    ("172.16.0.0", "172.31.255.255", "private", "172.15.255.255", "172.32.0.0"),
    ("192.0.0.0", "192.0.0.255", "protocol", "191.255.255.255", "192.0.1.0"),
    ("192.0.2.0", "192.0.2.255", "documentation", "192.0.1.255", "192.0.3.0"),
    ("192.88.99.0", "192.88.99.255", "6to4", "192.88.98.255", "192.88.100.0"),
    ("192.168.0.0", "192.168.255.255", "private", "192.167.255.255", "192.169.0.0"),
    ("198.18.0.0", "198.19.255.255", "benchmarking", "198.17.255.255", "198.20.0.0"),
    ("198.51.100.0", "198.51.100.255", "documentation", "198.51.99.255", "198.51.101.0"),
    ("203.0.113.0", "203.0.113.255", "documentation", "203.0.112.255", "203.0.114.0"),
    ("224.0.0.0", "239.255.255.255", "multicast", "223.255.255.255", None),
    ("240.0.0.0", "255.255.255.255", "reserved", None, None),
    ("::", "::", "no address", None, None),
    ("::1", "::1", "this machine", None, None),
    ("::2", "::ffff:ffff", "old form", None, None),
    ("::ffff:0:0", "::ffff:ffff:ffff", "mapped", None, None),
    ("::ffff:0:0:0", "::ffff:0:ffff:ffff", "translated", None, None),
    ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "local translation", None, None),
    ("100::", "100::ffff:ffff:ffff:ffff", "discarded", None, None),
    ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "Teredo", "2000:ffff::", None),
    ("2001:1::", "2001:1:ffff:ffff:ffff:ffff:ffff:ffff", "protocol", None, None),
    ("2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", "benchmarking", None, None),
    ("2001:10::", "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff", "ORCHID", None, None),
    ("2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", "ORCHID", None, None),
    ("2001:30::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "protocol", None, "2001:200::"),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation",
     "2001:db7::", "2001:db9::"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "6to4", "2001:ffff::", "2003::"),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "documentation", "3ffe::", "3fff:1000::"),
    ("4000::", "5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "not given out", None, None),
    ("5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "segment", None, None),
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private", None, None),
    ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "local link", None, None),
    ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "old kind", None, None),
    ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast", None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [pytest.param(*row[:3], id=f"{row[0]} to {row[1]}") for row in RANGES],
)
def test_a_range_is_refused_from_its_first_address_to_its_last(
    first: str, last: str, reason: str
) -> None:
    middle = ipaddress.ip_address(
        (int(ipaddress.ip_address(first)) + int(ipaddress.ip_address(last))) // 2
    )
    if "." in first or int(middle) >= 2**32:
        assert reason in (refusal(str(middle)) or "")
    assert reason in (refusal(first) or "")
    assert reason in (refusal(last) or "")


@pytest.mark.parametrize(
    "address", [near for row in RANGES for near in row[3:] if near is not None]
)
def test_its_public_neighbours_are_not(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        pytest.param("64:ff9b::8.8.8.8", None, id="translated to a public address"),
        pytest.param("64:ff9b::127.0.0.1", "this machine", id="translated to this machine"),
        pytest.param("64:ff9b::a9fe:a9fe", "metadata", id="translated to metadata"),
        pytest.param("2a00:1450:4001::5efe:808:808", "ISATAP", id="a tunnel, local bit unset"),
        pytest.param("2a00:1450:4001::200:5efe:10.0.0.1", "ISATAP", id="a tunnel, bit set"),
        pytest.param("2a00:1450:4001:82b::200e", None, id="an ordinary address"),
        pytest.param("8.8.8.8", None, id="an ordinary address of the old kind"),
        pytest.param("2a00::1%eth0", "one link", id="a zone makes it an address of one link"),
        pytest.param("fd00:ec2::254", "private", id="a cloud's metadata over IPv6"),
        pytest.param("localhost", "no address", id="a name"),
        pytest.param("", "no address", id="nothing"),
        pytest.param("0177.0.0.1", "no address", id="octal"),
    ],
)  # fmt: skip
def test_forms(address: str, reason: str | None) -> None:
    found = refusal(address)
    assert found == reason if reason is None else reason in (found or "")


@given(st.ip_addresses())
def test_what_the_standard_library_knows_to_be_private_is_never_let_through(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """Its own list is shorter than ours; a NAT64 address is judged by the one inside it."""
    inside = ipaddress.IPv6Network("64:ff9b::/96")
    if address.is_private and not (address.version == 6 and address in inside):
        assert refusal(str(address)) is not None


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_no_way_round(address: ipaddress.IPv4Address) -> None:
    if refusal(str(address)) is not None:
        for form in ("::ffff:{}", "::{}", "64:ff9b::{}", "::ffff:0:{}", "2a00::5efe:{}"):
            assert refusal(str(ipaddress.ip_address(form.format(address)))) is not None
