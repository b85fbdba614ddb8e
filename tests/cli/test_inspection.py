"""The commands that look: what they show is what a run left behind, and they change nothing."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.command import ingest
from tests.conftest import FirstPass

pytestmark = pytest.mark.integration

SOURCES = ("el-correo-del-sur", "harbor-ledger", "impossible-times", "la-brujula", "meridian-post")
AID_SUM = """
    select figure_id, f.text, value, title, sentence
    from figures as f join articles using (article_id)
    where f.text = '$109 million'
"""


def ask(first_pass: FirstPass, *arguments: object) -> Any:
    ran = ingest(*arguments, "--json", "--warehouse", first_pass.warehouse, cwd=first_pass.warehouse)
    assert (ran.code, ran.err) == (0, "")
    return ran.told


def test_status_tells_each_source(first_pass: FirstPass) -> None:
    told = {one["source_id"]: one for one in ask(first_pass, "status")}

    assert tuple(told) == SOURCES
    assert (told["harbor-ledger"]["pages"], told["harbor-ledger"]["pages_failed"]) == (14, 2)
    assert told["impossible-times"]["published"] == 0
    assert told["impossible-times"]["alert"].startswith("impossible-times: batch rejected by ")


def test_status_tells_one_source_alone(first_pass: FirstPass) -> None:
    told = ask(first_pass, "status", "--source", "la-brujula")

    assert [one["source_id"] for one in told] == ["la-brujula"]


def test_status_of_an_unknown_source_names_the_known(first_pass: FirstPass) -> None:
    ran = ingest("status", "--source", "gazette", "--warehouse", first_pass.warehouse, cwd=first_pass.warehouse)

    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint == (
        "ingest: no source with the key 'gazette' is known here; known are "
        "el-correo-del-sur, harbor-ledger, impossible-times, la-brujula, meridian-post"
    )


def test_status_tells_of_a_source_that_is_listed_and_was_not_visited_yet(first_pass: FirstPass, tmp_path: Path) -> None:
    listed = json.loads(first_pass.sources.read_text("utf-8"))
    new = {"key": "gazette", "name": "Gazette", "feed_url": "https://gazette.example/rss"}
    (tmp_path / "more.json").write_text(json.dumps([*listed, new]), encoding="utf-8")
    (tmp_path / "others.json").write_text(json.dumps([new]), encoding="utf-8")

    told, others = (
        ingest("status", "--json", "--warehouse", first_pass.warehouse, cwd=tmp_path, INGEST_SOURCES=name).told
        for name in ("more.json", "others.json")
    )

    assert [one["source_id"] for one in told] == [*SOURCES, "gazette"]
    assert (told[-1]["outcome"], told[-1]["feed_url"], told[-1]["visits"], told[-1]["next_poll_at"]) == (
        "not visited",
        "https://gazette.example/rss",
        0,
        None,
    )
    assert [one["source_id"] for one in others] == [*SOURCES]  # a list that is not run here


@pytest.mark.parametrize("command", [("status",), ("report",), ("sql", "select 1"), ("explain", "abc")])
def test_a_warehouse_that_is_not_there_yet_is_told(tmp_path: Path, command: tuple[str, ...]) -> None:
    ran = ingest(*command, "--warehouse", tmp_path / "none", cwd=tmp_path)

    assert (ran.code, ran.out) == (1, "")
    assert ran.complaint.endswith(" does not exist yet; `ingest run` makes it")
    assert not (tmp_path / "none").exists()


def test_sql_searches_without_a_word_about_extensions(first_pass: FirstPass) -> None:
    question = "select title from search_articles('panamanian CANALS crossing', hits := 1)"
    ran = ingest("sql", question, "--warehouse", first_pass.warehouse, cwd=first_pass.warehouse)

    assert (ran.code, ran.out.splitlines()[1:]) == (0, ["Panama Canal Raises Daily Crossings to 36 as Lake Refills"])


def test_sql_answers_in_a_table_with_columns_as_they_are_named(first_pass: FirstPass) -> None:
    question = "select source_id, count(*) as articles from articles group by 1 order by 1"
    ran = ingest("sql", question, "--warehouse", first_pass.warehouse, cwd=first_pass.warehouse)

    assert (ran.code, [line.split() for line in ran.out.splitlines()]) == (
        0,
        [
            ["source_id", "articles"],
            ["el-correo-del-sur", "12"],
            ["harbor-ledger", "12"],
            ["la-brujula", "12"],
            ["meridian-post", "14"],
        ],
    )


@pytest.mark.parametrize(
    "question", ["selct 1", "from nowhere", "from json", "insert into tags values ('a', 'b')", "select 1/0::utinyint +"]
)
def test_sql_that_does_not_run_is_one_message(first_pass: FirstPass, question: str) -> None:
    ran = ingest("sql", question, "--warehouse", first_pass.warehouse, cwd=first_pass.warehouse)

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("ingest: ")
    assert "Traceback" not in ran.err


def test_every_table_and_column_says_what_it_is(first_pass: FirstPass) -> None:
    silent = """
        select schema_name || '.' || table_name as name from duckdb_tables() where comment is null
        union all
        select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()
        where comment is null and not internal
    """

    assert ask(first_pass, "sql", silent) == []


def test_a_figure_is_explained_from_its_sentence_to_its_capture(first_pass: FirstPass) -> None:
    (asked,) = ask(first_pass, "sql", AID_SUM)
    ran = ingest("explain", asked["figure_id"], "--warehouse", first_pass.warehouse, cwd=first_pass.warehouse)
    told = dict(line.split(None, 1) for line in ran.out.splitlines()[2:] if line)

    assert ran.out.splitlines()[0] == asked["sentence"].replace("$109 million", "[[$109 million]]")
    assert (told["value"], told["qualifier"]) == ("109,000,000", "exact")
    assert told["article"] == f"{asked['title']} (meridian-post, version 1)"
    assert ".warc.gz, byte " in told["capture"]


def test_the_beginning_of_a_figures_id_is_enough_unless_two_share_it(first_pass: FirstPass) -> None:
    (asked,) = ask(first_pass, "sql", AID_SUM)
    short = ask(first_pass, "explain", asked["figure_id"][:20])
    ran = ingest("explain", "", "--warehouse", first_pass.warehouse, cwd=first_pass.warehouse)

    assert short["figure_id"] == asked["figure_id"]
    assert (ran.code, ran.out) == (2, "")
    assert "several figures begin" in ran.complaint


def test_an_unknown_figure_is_told(first_pass: FirstPass) -> None:
    ran = ingest("explain", "zzz", "--warehouse", first_pass.warehouse, cwd=first_pass.warehouse)

    assert (ran.code, ran.complaint) == (
        2,
        "ingest: no figure begins with 'zzz'; `select figure_id from figures` lists them",
    )


def test_the_doctor_finds_a_healthy_machine_healthy(
    first_pass: FirstPass, tmp_path: Path, prefect_api: dict[str, str]
) -> None:
    places = ("--sources", first_pass.sources, "--warehouse", tmp_path / "w")
    ran = ingest("doctor", "--json", *places, cwd=tmp_path, stdin=b"", **prefect_api)
    told = {one["checked"]: one["healthy"] for one in ran.told}
    names = (
        *("python", "settings", "extras", "time zones", "sources", "secrets", "warehouse", "folders", "disk", "runs"),
        *("release", "archive", "clock", "suites", "published", "alerts", "contact", "public", "prefect"),
    )

    assert (ran.code, ran.err) == (0, "")
    assert told == dict.fromkeys(names, True)


def test_the_doctor_finds_what_is_public_and_does_not_hold_together(
    first_pass: FirstPass, tmp_path: Path, prefect_api: dict[str, str]
) -> None:
    copied = first_pass.copy_warehouse(tmp_path)
    with duckdb.connect(str(copied / "published.duckdb")) as connection:
        connection.execute("update published.figures set paragraph = 99 where paragraph = 1")
    places = ("--sources", first_pass.sources, "--warehouse", copied)
    broken = ingest("doctor", "--json", *places, cwd=tmp_path, stdin=b"", **prefect_api)
    status = ingest("status", "--warehouse", copied, cwd=tmp_path)
    (published,) = [one for one in broken.told if one["checked"] == "published"]

    assert (broken.code, published["healthy"]) == (1, False)
    assert published["found"].startswith("warehouse.figures_in_known_paragraphs: ")
    assert "alert: the warehouse does not hold together: warehouse.figures_in_known_paragraphs" in status.out


def test_the_doctor_says_what_is_wrong_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = ingest(
        *("doctor", "--json", "--sources", tmp_path / "none.toml", "--warehouse", tmp_path / "file" / "w"),
        cwd=tmp_path,
        INGEST_ALERT_ADDRESSES='["nonsense://secret-token"]',
    )
    wrong = {one["checked"]: one["found"] for one in ran.told if not one["healthy"]}

    assert (ran.code, ran.err) == (1, "")
    assert list(wrong) == ["sources", "warehouse", "alerts"]
    assert [one["to_do"] for one in ran.told if one["checked"] == "warehouse"] == ["choose another with --warehouse"]
    assert "secret-token" not in ran.out


def test_migrating_twice_is_migrating_once(tmp_path: Path) -> None:
    first, second = (ingest("migrate", "--json", "--warehouse", tmp_path, cwd=tmp_path).told for _ in range(2))

    assert first["migrated"][0] == "state/0001_state"
    assert second == {"migrated": [], "schema": first["schema"]}


def test_sources_are_listed(first_pass: FirstPass, tmp_path: Path) -> None:
    ran = ingest("sources", "list", "--json", "--sources", first_pass.sources, cwd=tmp_path)
    told = [(one["source_id"], one["language"], one["country"]) for one in ran.told]

    assert sorted(told) == [
        ("el-correo-del-sur", "es", "AR"),
        ("harbor-ledger", "en", "BB"),
        ("impossible-times", "en", "US"),
        ("la-brujula", "es", "MX"),
        ("meridian-post", "en", "US"),
    ]


def test_the_sources_that_ship_are_listed_where_there_are_no_others(tmp_path: Path) -> None:
    ran = ingest("sources", "list", "--json", cwd=tmp_path)
    told = {one["source_id"]: one for one in ran.told}

    assert len(told) >= 31
    assert all(one["language"] and one["country"] and one["timezone"] for one in told.values())
    assert "latin-post" in told


def test_a_check_visits_each_feed_and_loads_nothing(first_pass: FirstPass, tmp_path: Path) -> None:
    listed = json.loads(first_pass.sources.read_text())
    missing = listed[0] | {"key": "missing", "feed_url": listed[0]["feed_url"] + ".not"}
    (tmp_path / "sources.json").write_text(json.dumps([*listed, missing]))

    arguments = ("--sources", tmp_path / "sources.json", "--warehouse", tmp_path / "w")
    ran = ingest("sources", "check", "--json", *arguments, cwd=tmp_path)
    told = {one["source_id"]: (one["outcome"], one["entries"]) for one in ran.told}

    assert ran.code == 3
    assert told == {
        "el-correo-del-sur": ("served", 12),
        "harbor-ledger": ("served", 14),
        "impossible-times": ("served", 8),
        "la-brujula": ("served", 12),
        "meridian-post": ("served", 16),
        "missing": ("failed", None),
    }
    assert not (tmp_path / "w" / "news.duckdb").exists()


@pytest.mark.parametrize(
    "query",
    [
        "copy articles to 'stolen.csv'",
        "copy (select 1) to '{news}'",
        "from read_text('/etc/passwd')",
        "attach 'other.duckdb' as other",
        "install httpfs",
        "load httpfs",
        "from read_csv('https://gazette.example/secrets.csv')",
        "export database 'everything'",
        "set enable_external_access = true",
    ],
)
def test_a_query_reaches_nothing_but_the_file_for_analysts(first_pass: FirstPass, tmp_path: Path, query: str) -> None:
    news = first_pass.warehouse / "news.duckdb"
    before = news.stat()
    ran = ingest("sql", "--warehouse", first_pass.warehouse, query.format(news=news), cwd=tmp_path)

    assert (ran.code, ran.out) == (1, "")
    assert "disabled" in ran.err or "locked" in ran.err, ran.err
    assert list(tmp_path.iterdir()) == []
    assert news.stat().st_mtime_ns == before.st_mtime_ns


def test_who_asks_for_it_may_reach_out(first_pass: FirstPass, tmp_path: Path) -> None:
    query = "copy (select count(*) as n from articles) to 'counted.csv'"
    ran = ingest("sql", "--external-access", "--warehouse", first_pass.warehouse, query, cwd=tmp_path)

    assert ran.code == 0, ran.err
    assert (tmp_path / "counted.csv").read_text() == "n\n50\n"
