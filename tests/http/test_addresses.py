"""Public is what leads out into the world, whatever form it is written in."""

from ipaddress import IPv4Network, IPv6Network, ip_address

import pytest

from ingest.core.errors import AddressRefused
from ingest.http.addresses import AddressPolicy, checked_addresses, is_public


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::5db8:d822", True),
        ("2002:5db8:d822::1", True),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("192.0.2.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::ffff:10.0.0.1", False),
        ("::10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("2002:a00:1::1", False),
        ("2001::1", False),
        ("fe80::1", False),
        ("fec0::1", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("fd00:ec2::254", False),
        ("168.63.129.16", False),
        ("64:ff9b::a83f:8110", False),
        ("168.63.129.17", True),
    ],
)
def test_public_is_what_leads_out(address: str, *, expected: bool) -> None:
    assert is_public(ip_address(address)) is expected


def test_an_allowed_network_is_allowed_in_every_form() -> None:
    policy = AddressPolicy(allowed_networks=(IPv4Network("10.1.0.0/16"), IPv6Network("fd00:1::/32")))

    allowed = [policy.allows(ip_address(text)) for text in ("10.1.2.3", "::ffff:10.1.2.3", "fd00:1::5", "10.2.0.1")]

    assert allowed == [True, True, True, False]


def test_an_allowed_endpoint_is_one_port_of_one_host() -> None:
    policy = AddressPolicy(allowed_endpoints=frozenset({"inside.example:8080"}))

    def resolver(host: str, port: int) -> list[str]:
        return ["10.0.0.1"]

    found = checked_addresses("inside.example", 8080, policy=policy, resolver=resolver, seconds=60)

    assert found == ["10.0.0.1"]
    with pytest.raises(AddressRefused):
        checked_addresses("inside.example", 8081, policy=policy, resolver=resolver, seconds=60)
