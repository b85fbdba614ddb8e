"""What rules refused can be looked at, tried again and accepted; each way it goes the way of every batch."""

from pathlib import Path
from typing import Any

import pytest

from ingest.demo import Newsroom
from ingest.warehouse.warehouse import query
from tests.command import Ran, ingest, list_sources
from tests.conftest import FirstPass
from tests.state import change, select

pytestmark = pytest.mark.integration

ACCEPT = ("quarantine", "accept")


@pytest.fixture
def warehouse(first_pass: FirstPass, tmp_path: Path) -> Path:
    return first_pass.copy_warehouse(tmp_path)


@pytest.fixture(scope="module")
def accepted(first_pass: FirstPass, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A warehouse in which somebody has accepted a row, to be looked at; and what was said."""
    warehouse = first_pass.copy_warehouse(tmp_path_factory.mktemp("accepted"))
    return warehouse, run(first_pass, warehouse, *ACCEPT, refused_id(warehouse), "--why", "The table says so.")


def run(first_pass: FirstPass, warehouse: Path, *arguments: object) -> Ran:
    sources = ("--sources", first_pass.sources) if arguments[1] in ("retry", "accept") else ()
    return ingest(*arguments, *sources, "--warehouse", warehouse, cwd=warehouse)


def listed(first_pass: FirstPass, warehouse: Path, *options: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run(first_pass, warehouse, "quarantine", "ls", *options, "--json").told
    return rows


def news(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    return query(warehouse / "news.duckdb", sql)[1]


def refused_id(warehouse: Path) -> str:
    [(found,)] = select(warehouse, "select refused_id from quarantine where source_id = 'harbor-ledger'")
    return str(found)


def test_rows_are_listed_with_the_rule_that_refused_them(first_pass: FirstPass, warehouse: Path) -> None:
    (row,) = listed(first_pass, warehouse, "--source", "harbor-ledger")

    assert (row["table_name"], row["rules"]) == ("figures", "percent_bounds")
    assert row["excerpt"].startswith("Remittances now reach 4,300%")
    assert listed(first_pass, warehouse, "--rule", "percent_bounds", "--source", "harbor-ledger") == [row]
    assert listed(first_pass, warehouse, "--rule", "count_bounds") == []


def test_as_many_rows_are_listed_as_the_suites_found(first_pass: FirstPass, warehouse: Path) -> None:
    found = news(
        warehouse,
        "select suite, rule, sum(unexpected) from ops.validations join ops.batches using (batch_id)"
        " where not passed and severity = 'warning' and state <> 'rejected' group by all order by all",
    )
    held = news(warehouse, "select table_name, rule, count(*) from ops.quarantine group by all order by all")

    assert held == found
    assert len(listed(first_pass, warehouse)) == len(
        news(warehouse, "select distinct batch_id, table_name, row_key from ops.quarantine")
    )


def test_a_row_is_shown_with_its_entry_and_its_page(first_pass: FirstPass, warehouse: Path) -> None:
    (row,) = listed(first_pass, warehouse, "--source", "harbor-ledger")
    shown = run(first_pass, warehouse, "quarantine", "show", row["refused_id"][:8], "--json").told
    said = run(first_pass, warehouse, "quarantine", "show", row["refused_id"][:8]).out

    assert shown["row"]["text"] == "4,300%"
    assert shown["entry"]["guid"]
    assert shown["warc_file"].endswith(".warc.gz")
    assert "percent_bounds" in said
    assert '"text": "4,300%"' in said


def test_an_id_that_names_no_row_is_told(first_pass: FirstPass, warehouse: Path) -> None:
    ran = run(first_pass, warehouse, "quarantine", "show", "zzz")

    assert (ran.code, ran.complaint) == (
        2,
        "ingest: the id of no row in quarantine begins with 'zzz'; `ingest quarantine ls --all` lists them",
    )


def test_a_row_tried_again_is_refused_again_while_nothing_has_changed(first_pass: FirstPass, warehouse: Path) -> None:
    before = listed(first_pass, warehouse, "--source", "harbor-ledger")
    ran = run(first_pass, warehouse, "quarantine", "retry", "--source", "harbor-ledger", "--json")
    (after,) = listed(first_pass, warehouse, "--source", "harbor-ledger")

    assert (ran.code, ran.told) == (0, {"rows": 1, "articles": 1, "refused_again": 1, "unlisted": []})
    assert after["row_key"] == before[0]["row_key"]
    assert after["batch_id"] != before[0]["batch_id"]
    assert len(listed(first_pass, warehouse, "--source", "harbor-ledger", "--all")) == 2
    assert news(warehouse, "select rows_held from source_health where source_id = 'harbor-ledger'") == [(1,)]


def test_an_accepted_row_is_published_and_says_so(first_pass: FirstPass, accepted: tuple[Path, Ran]) -> None:
    warehouse, ran = accepted
    articles = news(first_pass.warehouse, "select article_id, version, content_hash from articles order by all")
    changes = news(first_pass.warehouse, "from figure_changes")

    assert (ran.code, ran.err) == (0, "")
    assert news(warehouse, "select text, flags from figures where text = '4,300%'") == [
        ("4,300%", ["improbable_percent", "accepted"])
    ]
    assert listed(first_pass, warehouse, "--source", "harbor-ledger") == []
    assert news(warehouse, "select distinct accepted_why from ops.quarantine where accepted_at is not null") == [
        ("The table says so.",)
    ]
    assert news(warehouse, "select article_id, version, content_hash from articles order by all") == articles
    assert news(warehouse, "from figure_changes") == changes


def test_what_has_no_place_in_the_analysts_file_nobody_accepts(first_pass: FirstPass, warehouse: Path) -> None:
    change(warehouse, "update quarantine set rule = 'values_present' where rule = 'percent_bounds'")
    ran = run(first_pass, warehouse, *ACCEPT, refused_id(warehouse), "--why", "It is so.")

    assert ran.code == 2
    assert "nobody can accept row" in ran.complaint
    assert "figures.values_present" in ran.complaint
    assert "ingest quarantine retry" in ran.complaint
    assert news(warehouse, "from figures where text = '4,300%'") == []


def test_a_figure_whose_article_is_refused_is_accepted_after_it(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    with Newsroom() as newsroom:
        told = "Remittances now reach 4,300% of residents, the bank said on Monday."
        newsroom.publishes("flood", text=f"{told}\n\nA note that says we use cookies is not enough, a court found.")
        sources = ("--sources", list_sources(tmp_path / "sources.json", newsroom.source))
        ingest("run", "--direct", *sources, "--warehouse", warehouse, cwd=tmp_path)

    def accept(row: dict[str, Any]) -> Ran:
        return ingest(
            *("quarantine", "accept", row["refused_id"], "--why", "It is so."),
            *(*sources, "--warehouse", warehouse), cwd=tmp_path
        )  # fmt: skip

    rows = ingest("quarantine", "ls", "--warehouse", warehouse, "--json", cwd=tmp_path).told
    article, figure = sorted(rows, key=lambda row: row["table_name"])
    refused = accept(figure)
    settled = news(warehouse, "select accepted_at from ops.quarantine where accepted_at is not null")

    assert refused.code == 2
    assert "is not published: articles row " in refused.complaint
    assert "is refused by body_not_a_wall; `ingest quarantine accept " in refused.complaint
    assert settled == []
    assert [accept(article).code, accept(figure).code] == [0, 0]
    assert news(warehouse, "select text, flags from figures") == [("4,300%", ["improbable_percent", "accepted"])]


@pytest.mark.parametrize("why", ["", "  "])
def test_a_row_is_not_accepted_without_a_reason(why: str, *, first_pass: FirstPass, warehouse: Path) -> None:
    ran = run(first_pass, warehouse, *ACCEPT, refused_id(warehouse), "--why", why)

    assert (ran.code, ran.complaint) == (
        2,
        "ingest: --why is empty: say why the row is right all the same, which is kept with it",
    )


def test_a_row_that_was_accepted_stays_as_it_is(first_pass: FirstPass, accepted: tuple[Path, Ran]) -> None:
    warehouse, _ = accepted
    before = (warehouse / "published.duckdb").read_bytes()
    ran = run(first_pass, warehouse, *ACCEPT, refused_id(first_pass.warehouse), "--why", "Another reason.")

    assert (ran.code, ran.out.partition(":")[0]) == (0, "accepted before, nothing changes")
    assert (warehouse / "published.duckdb").read_bytes() == before


def test_a_stopped_batch_shows_what_it_held_and_why(first_pass: FirstPass, warehouse: Path) -> None:
    (batch,) = run(first_pass, warehouse, "quarantine", "rejected", "--json").told
    found = run(first_pass, warehouse, "quarantine", "rejected", batch["batch_id"][:12], "--json").told
    told = run(first_pass, warehouse, "quarantine", "rejected", batch["batch_id"][:12])

    assert (batch["source_id"], batch["rules"]) == ("impossible-times", "figures.impossible_share")
    assert batch["not_public"] == batch["articles_kept"] == batch["articles"] == len(found["held"])
    assert found["broken"][0]["rule"] == "figures.impossible_share"
    assert {article["is_public"] for article in found["held"]} == {False}
    assert sum(len(article["figures"]) for article in found["held"]) == batch["figures"]
    assert "`ingest replay --source impossible-times`" in told.out


def test_a_batch_that_was_not_stopped_is_not_shown(first_pass: FirstPass, warehouse: Path) -> None:
    ran = run(first_pass, warehouse, "quarantine", "rejected", "no-such-id")

    assert (ran.code, "`ingest quarantine rejected` lists them" in ran.err) == (2, True)


def test_stopped_batches_are_listed_by_source(first_pass: FirstPass, warehouse: Path) -> None:
    assert run(first_pass, warehouse, "quarantine", "rejected", "--source", "harbor-ledger", "--json").told == []
    assert "no batch was rejected" in run(first_pass, warehouse, "quarantine", "rejected", "--source", "no").out
