"""Newsrooms that ask for a password or a key are read, and the secret is nowhere but in what was sent to them."""

import base64
import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.demo import Newsroom
from ingest.state.sqlite import STATE_FILE
from tests.command import Ran, ingest
from tests.state import select

pytestmark = pytest.mark.integration

PASSWORD, TOKEN = "correct-horse-battery", "tok.9f8e7d6c5b4a"
BASIC = base64.b64encode(f"reader:{PASSWORD}".encode()).decode()
SECRETS: dict[str, Any] = {"INGEST_SECRET_LEDGER": f"reader:{PASSWORD}", "INGEST_SECRET_POST": TOKEN}
NEVER_KEPT = [PASSWORD.encode(), BASIC.encode(), TOKEN.encode()]


@dataclass
class Locked:
    """A newsroom whose every address asks for the secret, and repeats it in its answers."""

    newsroom: Newsroom
    header: str | None = None  # what is asked for; without, `token` in the address
    leads_to: str | None = None  # where the feed redirects, with the secret in the address
    requests: list[tuple[str, str | None, int]] = field(default_factory=list)  # path, Authorization, status

    def __enter__(self) -> "Locked":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        locked = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = locked.answer(self.path, self.headers["Authorization"])
                locked.requests.append((self.path, self.headers["Authorization"], status))
                self.send_response_only(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library names it
                pass

        return Handler

    def answer(self, target: str, authorization: str | None) -> tuple[int, dict[str, str], bytes]:
        path, _, query = target.partition("?")
        if (authorization != self.header) if self.header else (query != f"token={TOKEN}"):
            return 401, {}, f"no access with {authorization} and {query}".encode()
        if self.leads_to and path == "/feed.xml":
            return 302, {"Location": f"{self.leads_to}?token={TOKEN}"}, b""
        found = self.newsroom.answer(path)
        if found is None:
            return 404, {}, f"nothing at {target} for {authorization}".encode()
        here = found.body.replace(self.newsroom.url.encode(), self.url.encode())
        if not self.header:
            here = here.replace(b"</link>", b"?token=" + TOKEN.encode() + b"</link>")
            here = here.replace(b'feed.xml"/>', b"feed.xml?token=" + TOKEN.encode() + b'"/>')
        body = gzip.compress(here + f"<!-- for {authorization} -->".encode())
        return found.status, {"Content-Type": found.content_type, "Content-Encoding": "gzip", "X-For": target}, body


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A run over locked newsrooms, and what it has left."""

    ledger: Locked
    post: Locked
    astray: Locked
    elsewhere: Newsroom
    sources: Path
    warehouse: Path
    ran: Ran


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    folder = tmp_path_factory.mktemp("locked")
    with (
        Newsroom() as newsroom,
        Newsroom() as elsewhere,
        Locked(newsroom, header=f"Basic {BASIC}") as ledger,
        Locked(newsroom) as post,
        Locked(newsroom, header=f"Bearer {TOKEN}", leads_to=f"{elsewhere.url}/feed.xml") as astray,
    ):
        newsroom.publishes("flood")
        elsewhere.publishes("storm")
        ours, theirs = {"secret": "INGEST_SECRET_POST"}, {"secret": "INGEST_SECRET_LEDGER"}
        listed = [
            {"key": "ledger", "feed_url": f"{ledger.url}/feed.xml", **theirs, "secret_as": "basic"},
            {"key": "post", "feed_url": f"{post.url}/feed.xml?token={{secret}}", **ours},
            {"key": "astray", "feed_url": f"{astray.url}/feed.xml", **ours, "secret_as": "bearer"},
            {"key": "unset", "feed_url": f"{post.url}/feed.xml?token={{secret}}", "secret": "INGEST_SECRET_UNSET"},
            {"key": "storm", "feed_url": elsewhere.feed_url},
        ]
        sources, warehouse = folder / "sources.json", folder / "warehouse"
        sources.write_text(json.dumps(listed))
        command = ("run", "--direct", "--sources", sources, "--warehouse", warehouse)
        settings: dict[str, Any] = {"INGEST_LOG_LEVEL": "debug", "INGEST_LOG_FORMAT": "json", **SECRETS}
        ran = ingest(*command, cwd=folder, **settings)
        yield Read(
            ledger=ledger, post=post, astray=astray, elsewhere=elsewhere, sources=sources, warehouse=warehouse, ran=ran
        )


def test_articles_behind_a_password_and_a_key_are_read(read: Read) -> None:
    with duckdb.connect(str(read.warehouse / "news.duckdb"), read_only=True) as news:
        found = dict(news.sql("select source_id, count(*) from article_sources group by all").fetchall())

    assert {"ledger", "post", "storm"} <= found.keys()


def test_a_variable_that_is_not_set_is_named_and_stops_no_other_source(read: Read) -> None:
    assert "unset names the environment variable INGEST_SECRET_UNSET, which is not set" in read.ran.out + read.ran.err
    assert read.ran.code == 1  # ours to fix


def test_each_newsroom_is_sent_its_own_secret_and_no_other(read: Read) -> None:
    ledger = {(path, sent) for path, sent, _ in read.ledger.requests if path != "/robots.txt"}
    post = {(path.partition("?")[2], sent) for path, sent, _ in read.post.requests if path != "/robots.txt"}

    assert {sent for _, sent in ledger} == {f"Basic {BASIC}"}
    assert post == {(f"token={TOKEN}", None)}


def test_a_redirect_to_another_host_takes_no_secret_along(read: Read) -> None:
    assert {sent for path, sent, _ in read.astray.requests if path == "/feed.xml"} == {f"Bearer {TOKEN}"}
    assert {"/feed.xml?token={secret}", "/feed.xml"} <= {one.path for one in read.elsewhere.requests}
    assert not any(TOKEN in f"{one.path} {one.headers}" for one in read.elsewhere.requests)


def test_no_file_of_the_warehouse_holds_a_secret(read: Read) -> None:
    files = [path for path in read.warehouse.rglob("*") if path.is_file()]
    holding = [path.name for path in files for one in NEVER_KEPT if one in _unpacked(path)]
    tables = [path.name for path in read.warehouse.glob("*.duckdb") for one in NEVER_KEPT if one in _rows(path)]
    tables += [STATE_FILE for one in NEVER_KEPT if one in _state(read.warehouse)]

    assert len(files) > 3
    assert (holding, tables) == ([], [])


@pytest.fixture(scope="module")
def examined(read: Read, prefect_api: dict[str, str]) -> Ran:
    """Return what the doctor reports, on a server that is running already."""
    return look(read, "doctor", "--json", "--sources", read.sources, "--warehouse", read.warehouse, **prefect_api)


def look(read: Read, *command: object, **settings: str) -> Ran:
    return ingest(*command, cwd=read.warehouse.parent, stdin=b"", **SECRETS, INGEST_LOG_LEVEL="debug", **settings)


def test_no_command_and_no_log_shows_a_secret(read: Read, examined: Ran) -> None:
    sources, warehouse = ("--sources", read.sources), ("--warehouse", read.warehouse)
    shown = [
        look(read, "sources", "list", "--json", *sources),
        look(read, "sources", "check", "--json", *sources, *warehouse),
        look(read, "sources", "export", *sources),
        look(read, "status", "--json", *warehouse),
        examined,
    ]
    said = "".join(one.out + one.err for one in (read.ran, *shown)).encode()

    assert [one for one in NEVER_KEPT if one in said] == []
    assert [one.err for one in shown if "Traceback" in one.err or not one.out] == []


def test_doctor_says_which_secrets_are_set(examined: Ran) -> None:
    said = {one["found"]: one["healthy"] for one in examined.told if one["checked"] == "secrets"}

    assert said == {
        "ledger: INGEST_SECRET_LEDGER set": True,
        "post: INGEST_SECRET_POST set": True,
        "astray: INGEST_SECRET_POST set": True,
        "unset names the environment variable INGEST_SECRET_UNSET, which is not set": False,
    }
    assert not any("INGEST_SECRET" in one["found"] for one in examined.told if one["checked"] == "settings")


def _unpacked(path: Path) -> bytes:
    data = path.read_bytes()
    return data + gzip.decompress(data) if path.suffix == ".gz" else data


def _rows(path: Path) -> bytes:
    """Read all that a database says, which may lie packed in its file."""
    with duckdb.connect(str(path), read_only=True) as opened:
        names = opened.sql("select database_name, schema_name, table_name from duckdb_tables()").fetchall()
        said = [opened.table('"{}"."{}"."{}"'.format(*name)).fetchall() for name in names]
    return str(said).encode()


def _state(warehouse: Path) -> bytes:
    """Read all that the state says, which may be parted among pages of its file."""
    names = select(warehouse, "select name from sqlite_schema where type = 'table'")
    return str([select(warehouse, f"select * from {name}") for (name,) in names]).encode()
