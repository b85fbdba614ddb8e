"""`ingest run` says where everything ended, publishes nothing twice, and ends with a number a script can use."""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from ingest.demo import Newsroom
from ingest.state import statement
from ingest.warehouse.warehouse import query
from tests.command import ingest, list_sources, surroundings
from tests.conftest import FirstPass
from tests.state import select
from tests.warc import read_archive

pytestmark = pytest.mark.integration

READ_OR_JUDGE = {"pandas", "numpy", "great_expectations", "bs4", "feedparser", "httpx"}  # a second and more
ANSWERS = {"response", "revisit", "resource"}
OUTCOMES = ("published", "unchanged", "quarantined", "rejected", "failed")


def test_a_run_says_where_every_entry_ended(first_pass: FirstPass) -> None:
    told = first_pass.ran.told
    ended = {source["source_id"]: tuple(source[outcome] for outcome in OUTCOMES) for source in told["sources"]}

    assert ended == {
        "meridian-post": (14, 2, 0, 0, 0),
        "harbor-ledger": (12, 0, 0, 0, 2),
        "la-brujula": (12, 0, 0, 0, 0),
        "el-correo-del-sur": (12, 0, 0, 0, 0),
        "impossible-times": (0, 0, 0, 8, 0),
    }
    assert told["entries"] == sum(map(sum, ended.values())) == sum(one["entries"] for one in told["reasons"])


def test_a_run_gives_a_reason_for_every_end(first_pass: FirstPass) -> None:
    reasons = {(one["outcome"], one["reason"]): one["entries"] for one in first_pass.ran.told["reasons"]}

    assert reasons == {
        ("published", "new_article"): 50,
        ("unchanged", "same_article"): 2,
        ("rejected", "figures.impossible_share"): 8,
        ("failed", "missing"): 1,
        ("failed", "robots"): 1,
    }


def test_a_run_with_a_stopped_batch_ends_with_4_and_says_which(first_pass: FirstPass) -> None:
    stopped = [(one["source_id"], one["rule"], one["articles"]) for one in first_pass.ran.told["rejected_batches"]]

    assert (first_pass.ran.code, stopped) == (4, [("impossible-times", "figures.impossible_share", 8)])
    assert "Traceback" not in first_pass.ran.err


def test_a_run_with_nothing_due_imports_nothing_that_reads_or_validates(first_pass: FirstPass, tmp_path: Path) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    arguments = ["run", "--direct", f"--sources={first_pass.sources}", f"--warehouse={warehouse}"]
    ingest(*arguments, cwd=tmp_path, INGEST_POLL_MIN_SECONDS="3600")
    program = f"""
import atexit, sys
atexit.register(lambda: print({READ_OR_JUDGE!r} & sys.modules.keys()))
sys.argv = ["ingest", *{arguments!r}]
from ingest.cli import main
main()
"""
    run = [sys.executable, "-c", program]
    done = subprocess.run(
        run, capture_output=True, text=True, cwd=tmp_path, env=surroundings({"INGEST_POLL_MIN_SECONDS": "3600"})
    )

    assert done.stdout.splitlines()[-1] == "set()"


def test_a_second_run_publishes_nothing_and_asks_for_changes_alone(first_pass: FirstPass, tmp_path: Path) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    asked = {key: len(newsroom.requests) for key, newsroom in first_pass.newsrooms.items()}
    news = warehouse / "news.duckdb"
    before = news.stat().st_ino

    ran = ingest("run", "--direct", "--sources", first_pass.sources, "--warehouse", warehouse, cwd=tmp_path)
    requests = [one for key, newsroom in first_pass.newsrooms.items() for one in newsroom.requests[asked[key] :]]
    pages = [one for one in requests if one.path != "/robots.txt"]

    assert (ran.code, ran.out.splitlines()[-1], ran.err) == (0, "0 entries came in", "")
    assert Counter((one.status, "if-none-match" in one.headers) for one in pages) == {(304, True): 5}
    assert news.stat().st_ino == before  # nothing new to show, so that analysts keep their file


def test_every_answer_is_found_by_captures_also_where_nothing_was_published(
    first_pass: FirstPass, tmp_path: Path
) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)

    arguments = ("--refetch", "--sources", first_pass.sources, "--warehouse", warehouse)
    ran = ingest("run", "--direct", *arguments, cwd=tmp_path)

    answers = {one.place for one in read_archive(warehouse / "archive").values() if one.kind in ANSWERS}
    with duckdb.connect(str(warehouse / "published.duckdb"), read_only=True) as kept:
        filed = set(kept.sql("select warc_file, warc_offset from ops.captures").fetchall())
    assert (ran.code, filed) == (0, answers)


def test_options_have_their_former_names_for_a_release(tmp_path: Path) -> None:
    (tmp_path / "sources.json").write_text("[]", encoding="utf-8")

    ran = ingest("run", "--direct", "--all", "--recheck", "--sources=sources.json", cwd=tmp_path)

    assert "this option is --force now" in ran.err
    assert "this option is --refetch now" in ran.err
    assert "sources.json lists no source" in ran.err


def test_history_for_analysts_is_complete_when_a_run_has_ended(first_pass: FirstPass) -> None:
    _, unsent = query(first_pass.warehouse / "published.duckdb", "from ops.events where sent_at is null")

    assert select(first_pass.warehouse, statement("tables_to_copy")) == []
    assert unsent == []


def test_one_source_can_be_asked_alone(first_pass: FirstPass, tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        newsroom.publishes("pier")
        others = [one.source for one in first_pass.newsrooms.values()]
        sources = list_sources(tmp_path / "sources.json", *others, newsroom.source)
        ran = ingest("run", "--direct", "--source", newsroom.source.source_id, "--sources", sources, cwd=tmp_path)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == "1 entries came in: 1 published (new_article)"


@pytest.mark.slow
def test_prefect_takes_the_same_steps(first_pass: FirstPass, tmp_path: Path, prefect_home: Path) -> None:
    home = shutil.copytree(prefect_home, tmp_path / "prefect")
    ran = ingest(
        *("run", "--json", "--sources", first_pass.sources, "--warehouse", tmp_path / "warehouse"),
        cwd=tmp_path,
        PREFECT_HOME=str(home),
    )
    without = first_pass.ran.told
    alert, *_ = ran.err.splitlines()

    assert ran.code == 4
    assert (ran.told["reasons"], ran.told["sources"]) == (without["reasons"], without["sources"])
    assert "alert.opened severity=critical impossible-times: batch rejected" in alert
    assert "prefect" not in ran.err.lower()
    assert "Traceback" not in ran.err


def test_an_article_is_published_then_corrected_then_flagged_as_gone_and_newsrooms_know_who_asks(
    tmp_path: Path,
) -> None:
    # A newsroom of its own, because the shared ones are read by other tests.
    with Newsroom() as newsroom:
        newsroom.serve("/robots.txt", "", content_type="text/plain", headers=[("Set-Cookie", "reader=1; Path=/")])
        newsroom.publishes("pier", text="The pier will cost $12 million, the port said on Monday at its meeting.")
        arguments = (
            *("run", "--direct", "--sources", list_sources(tmp_path / "sources.json", newsroom.source)),
            *("--warehouse", tmp_path / "warehouse"),
        )
        named = {"INGEST_USER_AGENT": "harbour-reader/2.1", "INGEST_CONTACT": "https://harbour.example/bot"}
        first = ingest(*arguments, cwd=tmp_path, stdin=b"", **named)
        agents = {request.headers["user-agent"] for request in newsroom.requests}
        newsroom.publishes(
            "pier", title="Pier", text="The pier will cost $21 million, the port said on Monday at its meeting."
        )
        second = ingest(*arguments, cwd=tmp_path)
        newsroom.remove(newsroom.publications["pier"].path)
        third = ingest(*arguments, "--refetch", cwd=tmp_path)
    news = tmp_path / "warehouse" / "news.duckdb"
    changes = query(news, "select change, before, after, to_version from figure_changes")[1]
    articles = query(news, "select version, flags from articles")[1]

    assert [(ran.code, ran.out.splitlines()[-1]) for ran in (first, second, third)] == [
        (0, "1 entries came in: 1 published (new_article)"),
        (0, "1 entries came in: 1 published (new_version)"),
        (0, "1 entries came in: 1 unchanged (page_gone)"),
    ]
    assert changes == [("changed", "$12 million", "$21 million", 2)]
    assert articles == [(2, ["gone"])]
    assert agents == {"harbour-reader/2.1 (+https://harbour.example/bot)"}
    assert not any("cookie" in request.headers for request in newsroom.requests)


def test_a_source_that_gives_none_of_its_pages_ends_a_run_with_3(tmp_path: Path) -> None:

    with Newsroom() as newsroom:
        newsroom.publishes("pier")
        newsroom.serve(newsroom.publications["pier"].path, "down", status=503)
        listed = list_sources(tmp_path / "sources.json", newsroom.source)
        ran = ingest("run", "--direct", "--sources", listed, "--warehouse", tmp_path / "warehouse", cwd=tmp_path)

    assert ran.code == 3
    assert "failed      gazette: none of the pages asked for could be had; they are tried again" in ran.out


def test_a_run_whose_file_for_analysts_cannot_be_made_says_so_and_fails(first_pass: FirstPass, tmp_path: Path) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    with duckdb.connect(warehouse / "published.duckdb") as connection:
        connection.execute("drop table search.state")
    (warehouse / "news.duckdb").unlink()  # else there is no need to make it
    ran = ingest("run", "--direct", "--json", "--sources", first_pass.sources, "--warehouse", warehouse, cwd=tmp_path)

    assert ran.code == 1
    assert [(trouble["key"], trouble["reason"]) for trouble in ran.told["troubles"]] == [("news.duckdb", "defect")]


def test_a_damaged_file_for_analysts_is_told_and_made_anew(first_pass: FirstPass, tmp_path: Path) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    news = warehouse / "news.duckdb"
    news.write_bytes(news.read_bytes()[:100_000])
    ran = ingest("run", "--direct", "--sources", first_pass.sources, "--warehouse", warehouse, cwd=tmp_path)
    asked = ingest("sql", "--json", "--warehouse", warehouse, "select count(*) as n from articles", cwd=tmp_path)

    assert (ran.code, asked.told) == (0, [{"n": 50}])
    assert f"{news} is not the file that was released: its content has changed; it is made anew" in ran.err
