"""The benchmarks serve pages as real servers do, and skip what needs data that is not here."""

import http.client
import sys
from pathlib import Path

import pytest

from benchmarks import against
from benchmarks.crowd import Crowd, crowd


def connected(opened: Crowd) -> http.client.HTTPConnection:
    """Return a connection to the first host."""
    connection = http.client.HTTPConnection(opened.addresses[0], opened.port, timeout=30)
    connection.connect()
    return connection


@pytest.mark.integration
def test_a_connection_carries_a_feed_and_its_page() -> None:
    with crowd(1, 1, latency_seconds=0) as opened:
        connection = connected(opened)
        socket = connection.sock
        for path in ("/feed.xml", "/story/0"):
            connection.request("GET", path)
            assert connection.getresponse().read()
        assert connection.sock is socket
        connection.close()
    assert opened.most_at_once == 1


@pytest.mark.integration
def test_a_client_that_keeps_its_connection_does_not_hold_up_the_end() -> None:
    with crowd(1, 1, latency_seconds=0) as opened:
        connection = connected(opened)
        connection.request("GET", "/feed.xml")
        assert connection.getresponse().read()
    assert connection.sock.recv(1) == b""
    connection.close()


@pytest.mark.integration
def test_a_client_that_asks_for_it_has_its_connection_closed() -> None:
    with crowd(1, 1, latency_seconds=0) as opened:
        connection = connected(opened)
        socket = connection.sock
        socket.sendall(b"GET /feed.xml HTTP/1.1\r\nHost: crowd\r\nConnection: close\r\n\r\n")
        answered = b"".join(iter(lambda: socket.recv(65536), b""))
        connection.close()
    assert answered.startswith(b"HTTP/1.1 200 OK\r\n")


def test_without_the_reference_its_loads_are_skipped_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["against", "--evaluation", str(tmp_path), "pages", "200x2"])

    against.main()

    assert capsys.readouterr().out == (f"{tmp_path / 'speed' / 'reference.py'} is not here: 200x2, pages are skipped\n")
