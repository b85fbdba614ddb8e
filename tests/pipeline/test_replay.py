"""What is read again from the archive goes the way of every batch, once somebody wants it, and is no correction."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.pipeline.replay import Rereading, publish_rereadings, reread, validate_rereadings, weigh
from ingest.state import alerts
from ingest.warehouse import expire_history, quarantine, staged, verification
from ingest.warehouse.verification_findings import KeyRange
from tests.desk import FEED, SITE, SOURCE, Desk, listing, parse_all, two_articles_and_a_quarantined_one
from tests.fakes import FakeValidator, a_page
from tests.pipeline.test_steps import desk
from tests.state import change
from tests.warehouses import open_warehouse

__all__ = ["desk"]  # a fixture

EVERY_KEY = KeyRange(first="", end=None)


@pytest.fixture
def published(desk: Desk) -> Desk:
    """Two published articles and one whose title was refused."""
    desk.web.answers = two_articles_and_a_quarantined_one()
    desk.run_stages()
    return desk


def reread_at(desk: Desk, *, article_ids: list[str] | None = None) -> Rereading | None:
    desk.begin()
    return reread(
        SOURCE,
        web=desk.web,
        state=desk.state,
        warehouse=desk.warehouse,
        parse_all=parse_all,
        run_id=desk.run_id,
        now=desk.web.now,
        article_ids=article_ids,
    )


def read_again(desk: Desk, *, article_ids: list[str] | None = None) -> Rereading:
    found = reread_at(desk, article_ids=article_ids)
    assert found is not None
    state, warehouse = desk.state, desk.warehouse
    (validated,) = validate_rereadings(
        [found], validator=FakeValidator(warehouse.connect), state=state, warehouse=warehouse
    )
    return weigh(validated, state=state, warehouse=warehouse)


def publish(desk: Desk, found: Rereading) -> bool:
    validator = FakeValidator(desk.warehouse.connect)
    given = {"state": desk.state, "warehouse": desk.warehouse, "now": desk.web.now}
    return publish_rereadings([found], validator=validator, **given) == [found]  # type: ignore[arg-type]


FLOOD = "select article_id from published.articles where title = 'Flood'"
PUBLIC = ("from published.articles order by article_id", "from published.article_versions order by article_id, version")


def ask(desk: Desk, sql: str) -> list[tuple[object, ...]]:
    with desk.warehouse.connect() as connection:
        return connection.execute(sql).fetchall()


def refused(desk: Desk) -> tuple[str, str]:
    (row,) = desk.in_state("select refused_id, article_id from quarantine where accepted_at is null")
    return str(row[0]), str(row[1])


def test_the_same_readers_say_the_same(published: Desk) -> None:
    found = read_again(published)

    assert dict(found.changes) == {
        "articles": 2, "articles_added": 0, "articles_changed": 0,
        "figures": 4, "figures_added": 0, "figures_dropped": 0, "figures_changed": 0,
    }  # fmt: skip
    assert [len(keys) for keys in found.held.values()] == [1]  # the article that was refused, and would be again
    assert (found.unread, found.broken) == ({}, [])


def test_what_is_proposed_and_not_approved_is_never_published(published: Desk) -> None:
    read_again(published)
    published.run_stages()
    quarantine.withdraw_proposals(published.state, published.warehouse)

    assert published.articles() == [("Flood", 1), ("Storm", 1)]
    assert ask(published, "from staging.articles") == []
    assert published.in_state("select batch_id from batches where state = 'proposed'") == []


def test_another_reading_of_the_same_page_is_no_new_version(published: Desk) -> None:
    ask(published, "update published.articles set content_hash = 'of an older reader', body = 'Old.'")
    ask(published, "delete from published.figures")
    found = read_again(published)

    assert publish(published, found)
    assert found.changes["articles_changed"] == 2
    assert published.articles() == [("Flood", 1), ("Storm", 1)]
    assert ask(published, "select count(*) from published.article_versions where body = 'Old.'") == [(0,)]
    assert ask(published, "select count(*) from published.figures") == [(4,)]
    assert ask(published, "select count(*) from published.figure_changes") == [(0,)]
    assert published.in_state("select count(*) from events where name = 'figure.corrected'") == [(0,)]


def test_what_a_newer_reader_reads_otherwise_is_a_change_of_ours(published: Desk) -> None:
    ask(published, "update published.articles set parser_version = 'older'")
    ask(published, "update published.figures set value = 0.34 where text = '340' and article_id = (" + FLOOD + ")")
    ask(published, "delete from published.figures where text <> '340' and article_id = (" + FLOOD + ")")
    assert publish(published, read_again(published))
    ask(published, "update published.articles set parser_version = 'old'")
    ask(published, "update published.figures set value = 34 where text = '340' and article_id = (" + FLOOD + ")")
    assert publish(published, read_again(published))

    sql = "select from_version, to_version, position, change, before_value, after_value, cause"
    assert ask(published, f"{sql} from published.figure_changes order by position") == [
        (1, 1, 1, "added", None, 2, "reader"),
        (1, 1, 2, "changed", Decimal("0.34"), 340, "reader"),
        (1, 1, 3, "changed", 34, 340, "reader"),
    ]
    assert published.in_state("select count(*) from events where name = 'figure.corrected'") == [(0,)]
    with published.warehouse.connect() as connection:
        assert connection.execute("select count(*) from published.article_versions").fetchall() == [(2,)]


def test_a_page_that_said_the_same_again_is_no_new_version_either(published: Desk) -> None:
    published.web.answers |= {
        FEED: listing("flood").replace(b"<title>flood", b"<title>Flood!"),
        f"{SITE}/flood": a_page("Flood") + b"<!-- served anew -->",
    }
    before = [ask(published, sql) for sql in PUBLIC]
    assert published.run_stages()[("unchanged", "same_content")] == 1
    ask(published, "update published.articles set content_hash = 'of an older reader' where title = 'Flood'")

    assert publish(published, read_again(published))
    assert [ask(published, sql) for sql in PUBLIC] == before


def test_a_page_that_went_away_is_still_gone_when_it_is_read_again(published: Desk) -> None:
    ask(published, "update published.articles set flags = ['gone'] where title = 'Flood'")

    assert publish(published, read_again(published))
    assert ask(published, "select title, flags from published.articles order by title") == [
        ("Flood", ["gone"]),
        ("Storm", []),
    ]


def test_a_page_that_came_since_is_a_new_version(published: Desk) -> None:
    published.web.answers |= {
        FEED: listing("flood").replace(b"<title>flood", b"<title>Flood rises"),
        f"{SITE}/flood": a_page("Refused flood"),
    }
    published.run_stages()
    (waiting,) = published.in_state("select refused_id from quarantine where excerpt like '%flood'")
    found = read_again(published)
    quarantine.accept_refused(
        published.state, published.warehouse, str(waiting[0]), found.batch, "It is so.", published.web.now
    )

    assert publish(published, found)
    assert published.articles() == [("Refused flood", 2), ("Storm", 1)]


def test_what_the_warehouse_has_lost_is_public_again_once_it_is_read_again(published: Desk) -> None:
    before = [ask(published, sql) for sql in PUBLIC]
    expire_history.delete_parsed(published.state, published.web.now + timedelta(days=8))
    published.warehouse.close()
    with closing(open_warehouse(published.warehouse.folder)) as empty:
        desk = replace(published, warehouse=empty)
        lacking = [verification.lacking_articles(desk.state, desk.warehouse, EVERY_KEY).by_source]
        publish(desk, read_again(desk))
        lacking.append(verification.lacking_articles(desk.state, desk.warehouse, EVERY_KEY).by_source)

        assert [ask(desk, sql) for sql in PUBLIC] == before
    assert lacking == [{SOURCE.source_id: 2}, {}]


def test_what_a_rule_stops_is_not_published(published: Desk) -> None:
    published.web.answers |= {FEED: listing("quake"), f"{SITE}/quake": a_page("Broken quake")}
    published.run_stages()
    found = read_again(published)

    assert [validation.rule for validation in found.broken] == ["title_whole"]
    assert not publish(published, found)
    assert published.articles() == [("Flood", 1), ("Storm", 1)]


def test_an_accepted_row_is_refused_no_more(published: Desk) -> None:
    refused_id, article_id = refused(published)
    found = read_again(published, article_ids=[article_id])
    quarantine.accept_refused(
        published.state, published.warehouse, refused_id, found.batch, "It is so.", published.web.now
    )

    assert quarantine.is_read_again(published.state, refused_id, found.batch)
    assert publish(published, found)
    assert published.articles() == [("Flood", 1), ("Refused frost", 1), ("Storm", 1)]
    assert ask(published, "select flags from published.articles where title = 'Refused frost'") == [(["accepted"],)]


def test_suites_see_what_is_accepted_until_that_is_withdrawn(published: Desk) -> None:
    refused_id, article_id = refused(published)
    found = read_again(published, article_ids=[article_id])
    quarantine.accept_refused(
        published.state, published.warehouse, refused_id, found.batch, "It is so.", published.web.now
    )
    accepted = ask(published, "select table_name, row_key from staging.accepted_rows")
    quarantine.delete_acceptance(published.state, refused_id)
    staged.load_staged(published.state, published.warehouse, [found.batch])

    assert accepted == [("articles", article_id)]
    assert ask(published, "from staging.accepted_rows") == []


def test_a_row_that_is_not_read_any_more_is_told_apart(published: Desk) -> None:
    refused_id, article_id = refused(published)
    change(published.warehouse.folder, "update quarantine set row_key = 'of another reader'")
    found = read_again(published, article_ids=[article_id])

    assert not quarantine.is_read_again(published.state, refused_id, found.batch)


def test_a_lost_page_is_counted_and_leaves_what_is_published(published: Desk) -> None:
    published.web.lost_captures = True
    found = read_again(published)

    assert found.unread == {"capture_unreadable": 3}
    assert publish(published, found)
    assert published.articles() == [("Flood", 1), ("Storm", 1)]


def test_entries_that_came_in_are_not_counted_twice(published: Desk) -> None:
    found = read_again(published)
    publish(published, found)

    assert published.ended() == {}


def test_a_source_without_archived_pages_has_nothing_to_read(desk: Desk, tmp_path: Path) -> None:
    assert reread_at(desk) is None


def test_a_retried_article_that_passes_does_not_end_the_alert_about_one_still_stopped(published: Desk) -> None:
    desk = published
    desk.web.answers = {
        FEED: listing("quay", "pier"),
        f"{SITE}/quay": a_page("Broken quay"),
        f"{SITE}/pier": a_page("Pier"),
    }
    desk.run_stages()
    (stopped,) = alerts.open_alerts(desk.state).values()
    articles = [str(key) for (key,) in ask(desk, "select article_id from published.articles where title = 'Flood'")]
    assert publish(desk, read_again(desk, article_ids=articles))
    after_another = list(alerts.open_alerts(desk.state).values())
    # As if none of them were left.
    change(desk.warehouse.folder, "update entries set batch_id = 'elsewhere' where title in ('quay', 'pier')")
    assert publish(desk, read_again(desk, article_ids=articles))

    assert [alert.alert_id for alert in after_another] == [stopped.alert_id]
    assert alerts.open_alerts(desk.state) == {}
