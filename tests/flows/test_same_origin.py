"""Which requests a server on this machine takes for its own, whatever page made them."""

import asyncio
import stat
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from ingest.flows.prefect_server import kept_auth_string
from ingest.flows.same_origin import OwnOrigin, own_origins


def passes(origins: str, *headers: tuple[str, str], kind: str = "http") -> bool:
    """Tell whether a request with these headers comes to the app behind."""
    came: list[str] = []

    async def app(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        came.append(scope["type"])

    async def send(message: MutableMapping[str, Any]) -> None:
        assert message.get("status", 403) == 403

    scope = {"type": kind, "headers": [(name.lower().encode(), value.encode()) for name, value in headers]}
    asyncio.run(OwnOrigin(app, origins.split(","))(scope, None, send))  # type: ignore[arg-type]
    return bool(came)


OURS = own_origins("127.0.0.1", 4200)
ANYWHERE = own_origins("0.0.0.0", 4200)
NAMED = "https://ingest.example.org"


@pytest.mark.parametrize(
    ("origins", "headers"),
    [
        (OURS, {"Host": "127.0.0.1:4200"}),
        (OURS, {"Host": "localhost:4200", "Origin": "http://LOCALHOST:4200"}),
        (OURS, {"Host": "[::1]:4200", "Origin": "http://127.0.0.1:4200"}),
        (ANYWHERE, {"Host": "192.0.2.7:4200", "Origin": "http://192.0.2.7:4200"}),
        (NAMED, {"Host": "ingest.example.org", "Origin": NAMED}),
        (NAMED, {"Host": "127.0.0.1:4200"}),
        (own_origins("news-host", 4200), {"Host": "news-host:4200", "Origin": "http://news-host:4200"}),
        ("*", {"Host": "evil.example", "Origin": "https://evil.example"}),  # who sets it so, wants it so
    ],
)
def test_its_own_pages_and_programs_are_let_in(origins: str, headers: dict[str, str]) -> None:
    assert passes(origins, *headers.items())
    assert passes(origins, *headers.items(), kind="websocket")


@pytest.mark.parametrize(
    ("origins", "headers"),
    [
        (OURS, [("Host", "127.0.0.1:4200"), ("Origin", "https://evil.example")]),
        (OURS, [("Host", "127.0.0.1:4200"), ("Origin", "null")]),
        (OURS, [("Host", "127.0.0.1:4200"), ("Origin", "http://127.0.0.1:8000")]),
        (OURS, [("Host", "127.0.0.1:4200"), ("Origin", "http://127.0.0.1:4200.evil.example")]),
        (OURS, [("Host", "evil.example:4200")]),
        (OURS, [("Host", "127.0.0.1.evil.example:4200")]),
        (OURS, [("Host", "evil.example"), ("Host", "127.0.0.1:4200")]),
        (OURS, [("Host", "[::1")]),
        (OURS, []),
        (ANYWHERE, [("Host", "evil.example:4200"), ("Origin", "http://evil.example:4200")]),
        (NAMED, [("Host", "ingest.example.org"), ("Origin", "https://evil.example")]),
    ],
)
def test_pages_of_others_are_refused(origins: str, headers: list[tuple[str, str]]) -> None:
    assert not passes(origins, *headers)
    assert not passes(origins, *headers, kind="websocket")


def test_what_a_server_asks_for_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "prefect.auth"

    made = kept_auth_string(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert made.startswith("ingest:")
    assert len(made) > 40
    assert kept_auth_string(path) == made
    path.write_text("\n")
    assert kept_auth_string(path) not in {made, ""}
