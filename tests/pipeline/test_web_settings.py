"""A list of sources opens this machine's own feeds to its readers, and nothing else that lies inward."""

import pytest

from ingest.core.errors import AddressRefused
from ingest.core.settings import load_settings
from ingest.http.addresses import checked_addresses
from ingest.pipeline.web_settings import address_policy
from tests.makers import a_source

INWARD = ["169.254.169.254", "10.0.0.5", "192.168.1.1", "100.64.0.1", "fd00::1", "fe80::1", "0.0.0.0", "168.63.129.16"]


def reached(listed: str, host: str, port: int = 80, **settings: object) -> list[str]:
    policy = address_policy(load_settings(**settings), [a_source(feed_url=listed)])
    return checked_addresses(host, port, policy=policy, resolver=lambda *_: ["127.0.0.1"], seconds=5)


@pytest.mark.parametrize("host", INWARD)
def test_a_listed_feed_does_not_open_the_network_it_lies_in(host: str) -> None:
    with pytest.raises(AddressRefused):
        reached(f"http://{f'[{host}]' if ':' in host else host}/feed", host)


def test_a_network_is_opened_by_the_setting() -> None:
    assert reached("http://10.0.0.5/feed", "10.0.0.5", allowed_networks=["10.0.0.0/8"]) == ["10.0.0.5"]


@pytest.mark.parametrize(("listed", "host"), [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("[::1]", "::1")])
def test_a_feed_of_this_machine_is_opened_by_being_listed_at_its_port_alone(listed: str, host: str) -> None:
    assert reached(f"http://{listed}:8080/feed", host, 8080) in (["127.0.0.1"], ["::1"])

    with pytest.raises(AddressRefused):
        reached(f"http://{listed}:8080/feed", host, 8081)
