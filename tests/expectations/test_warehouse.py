"""For every expectation about all that is published: what breaks it, and the nearest thing that does not."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pytest

from ingest.core.errors import Misconfigured
from ingest.core.model import ValidationResult
from ingest.quality.suites import WAREHOUSE, read_warehouse_suite
from ingest.quality.validator import SuiteValidator
from ingest.warehouse.migrations import lay_pattern
from ingest.warehouse.tables import NEWS_TABLES
from tests.expectations.conftest import GOOD_BATCH, ROOT, STAGED_SUITES, change, write_rule
from tests.makers import a_batch

pytestmark = pytest.mark.integration

EXPECTATIONS = ROOT / "expectations"
WHOLE = a_batch("audit", WAREHOUSE)  # at noon on the first of March 2026
# What the good batch becomes when it is public, and a second version that corrected a figure.
PUBLISH = """
insert into published.sources values ('gazette', 'Gazette', null, '/', null, null, 'UTC');
insert into published.articles by name
select * exclude (batch_id, row_key), if(article_id = 'article-1', 2, 1) as version from staging.articles;
insert into published.article_versions by name
select article_id, version, title, body, content_hash, fetched_at as seen_at from published.articles;
insert into published.article_versions by name
select article_id, 1 as version, title, body, 'before' as content_hash, fetched_at as seen_at
from published.articles where version = 2;
insert into published.figures by name
select staged.* exclude (batch_id, row_key), version
from staging.figures as staged join published.articles using (article_id);
insert into published.figure_changes by name
select
  'article-1' as article_id, 1 as from_version, 2 as to_version, 1 as position, 'added' as change, 'count' as kind,
  now() as seen_at;
insert into ops.batches (batch_id, run_id, source_id, staged_at, published_at, articles, figures, state)
select
  'batch-' || state, 'run', 'gazette', timestamptz '2026-02-27 13:00:00+00',
  if(state = 'published', timestamptz '2026-02-27 13:00:00+00', null), 10, 60, state
from (values ('validated'), ('published'), ('rejected')) as states(state);
insert into ops.release values ('first', timestamptz '2026-02-27 12:00:00+00');
"""
ALIKE = ("article_urls", "article_sources", "authors", "article_authors", "paragraphs", "links", "media", "tags")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Changes to what is public: one that the rule must notice, and its neighbour that the rule must let pass."""

    bad: str
    good: str = ""
    unexpected: int = 1


def twice(table: str, good: str = "") -> Pair:
    """Repeat a row; its neighbour is the same row with something else in its key."""
    again = "insert into published.{0} select * {1} from published.{0} limit 1"
    return Pair(bad=again.format(table, ""), good=again.format(table, f"replace ({good})") if good else "")


def elsewhere(table: str, column: str = "article_id") -> Pair:
    """Let a row refer to nothing."""
    one = f"rowid = (select min(rowid) from published.{table})"
    return Pair(bad=f"update published.{table} set {column} = 'nowhere' where {one}")


PAIRS = {
    "versions_once": twice("article_versions", "version + 7 as version"),
    "urls_once": twice("article_urls", "'amp' as kind"),
    "listings_once": twice("article_sources", "'herald' as source_id"),
    "bylines_once": twice("article_authors", "3 as position"),
    "paragraphs_once": twice("paragraphs", "3 as position"),
    "figures_once": twice("figures", "'another' as figure_id"),
    "changes_once": twice("figure_changes", "2 as position"),
    "links_once": twice("links", "2 as position"),
    "media_once": twice("media", "2 as position"),
    "tags_once": twice("tags", "'trams' as tag"),
    "articles_of_known_sources": elsewhere("articles", "source_id"),
    "listings_of_known_articles": elsewhere("article_sources"),
    "listings_of_known_sources": elsewhere("article_sources", "source_id"),
    "versions_of_known_articles": elsewhere("article_versions"),
    "urls_of_known_articles": elsewhere("article_urls"),
    "bylines_of_known_articles": elsewhere("article_authors"),
    "bylines_of_known_authors": elsewhere("article_authors", "author_id"),
    "paragraphs_of_known_articles": elsewhere("paragraphs"),
    "figures_of_current_articles": Pair(
        bad="update published.figures set version = 1 where article_id = 'article-1'", unexpected=6
    ),
    "figures_in_known_paragraphs": Pair(
        bad="update published.figures set paragraph = 3 where figure_id = 'article-1-1-count'",
        good="update published.figures set paragraph = 2 where figure_id = 'article-1-1-count'",
    ),
    "changes_between_known_versions": Pair(
        bad="update published.figure_changes set from_version = 2, to_version = 3",
        good="insert into published.article_versions from published.article_versions where version = 2; "
        "update published.article_versions set version = 3 where rowid = (select max(rowid) from "
        "published.article_versions); update published.figure_changes set from_version = 2, to_version = 3; "
        "insert into published.figure_changes by name "
        "select * replace (3 as from_version, 2 as position, 'reader' as cause) from published.figure_changes",
    ),
    "links_of_known_articles": elsewhere("links"),
    "media_of_known_articles": elsewhere("media"),
    "tags_of_known_articles": elsewhere("tags"),
    "copies_of_known_articles": Pair(
        bad="update published.articles set duplicate_of = 'nowhere' where article_id = 'article-2'",
        good="update published.articles set duplicate_of = 'article-1' where article_id = 'article-2'",
    ),
    "every_version_kept": Pair(
        bad="delete from published.article_versions where article_id = 'article-1' and version = 1"
    ),
    "newest_version_shown": Pair(
        bad="update published.article_versions set content_hash = 'else' where article_id = 'article-1'",
        good="update published.article_versions set content_hash = 'else' where article_id = 'article-1' "
        "and version = 1",
    ),
    "batches_go_on": Pair(
        bad="update ops.batches set staged_at = timestamptz '2026-02-27 11:59:59+00'",
        good="update ops.batches set staged_at = timestamptz '2026-02-27 12:00:00+00'",
    ),
    "analysts_file_fresh": Pair(
        bad="update ops.release set released_at = timestamptz '2026-02-26 12:00:00+00'; "
        "update ops.batches set published_at = timestamptz '2026-02-27 11:59:59+00' where state = 'published'",
        good="update ops.release set released_at = timestamptz '2026-02-26 12:00:00+00'; "
        "update ops.batches set published_at = timestamptz '2026-02-27 12:00:00+00' where state = 'published'",
    ),
}


@pytest.fixture(scope="module")
def public() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:  # as the warehouse has it
        lay_pattern(connection)
        yield connection


@pytest.fixture(scope="module")
def validator(
    public: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], ValidationResult]]:
    """Validate all that is published by one rule alone, which takes a tenth of the time."""
    opened = []

    @cache
    def validator_of(rule: str) -> SuiteValidator:
        folder = tmp_path_factory.mktemp(rule)
        write_rule(folder, WAREHOUSE, rule)
        write_rule(folder, "tags", "tag_length")  # there must be a suite for batches
        opened.append(SuiteValidator(folder, public.cursor))
        return opened[-1]

    def validate_public(rule: str) -> ValidationResult:
        (validation,) = validator_of(rule).validate_warehouse(WHOLE)
        return validation

    yield validate_public
    for each in opened:
        each.close()


@pytest.fixture
def published(public: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A good batch, made public."""
    public.execute("set variable batch = 'good'")
    public.execute(GOOD_BATCH)
    public.execute(PUBLISH)
    for table in ALIKE:
        public.execute(
            f"insert into published.{table} by name select * exclude (batch_id, row_key) from staging.{table}"
        )
    yield public
    for table in NEWS_TABLES:
        public.execute(f"delete from published.{table}")
    for path in STAGED_SUITES:
        public.execute(f"delete from staging.{path.stem}")
    public.execute("delete from ops.batches; delete from ops.release")


def test_every_expectation_about_the_warehouse_has_its_pair() -> None:
    assert set(PAIRS) == {rule.rule for rule in read_warehouse_suite(EXPECTATIONS)}


@pytest.mark.parametrize("rule", PAIRS)
def test_it_fails_on_what_was_made_for_it(
    rule: str, *, published: duckdb.DuckDBPyConnection, validator: Callable[[str], ValidationResult]
) -> None:
    change(published, PAIRS[rule].bad)

    found = validator(rule)

    assert not found.passed
    assert found.unexpected == PAIRS[rule].unexpected
    assert found.observed
    assert found.checked > 0


@pytest.mark.parametrize("rule", PAIRS)
def test_it_passes_on_its_neighbour(
    rule: str, *, published: duckdb.DuckDBPyConnection, validator: Callable[[str], ValidationResult]
) -> None:
    change(published, PAIRS[rule].good)

    found = validator(rule)

    assert found.passed
    assert found.unexpected == 0


def test_all_of_it_passes_on_a_warehouse_that_holds_together(published: duckdb.DuckDBPyConnection) -> None:
    with closing(SuiteValidator(EXPECTATIONS, published.cursor)) as validator:
        found = validator.validate_warehouse(WHOLE)

    assert published.execute("select count(*) from published.figures").fetchall() == [(60,)]
    assert {validation.rule for validation in found} == set(PAIRS)
    assert [validation.rule for validation in found if not validation.passed] == []


def test_it_looks_at_every_table_that_has_no_key_of_its_own() -> None:
    keyed = {"sources", "articles", "authors"}  # DuckDB sees to these

    looked_at = {rule.table.rpartition(".")[2] for rule in read_warehouse_suite(EXPECTATIONS)}

    assert set(NEWS_TABLES) - keyed <= looked_at


@pytest.mark.parametrize(
    ("change", "complaint"),
    [({"severity": "warning"}, "these are public"), ({"meta": {"rule": "a", "note": "B."}}, "meta.table is missing")],
)
def test_an_expectation_that_says_too_little_is_named(
    tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    meta = {"rule": "a", "note": "B.", "table": "published.tags"}
    rule = {"type": "unexpected_rows_expectation", "severity": "critical", "kwargs": {}, "meta": meta} | change
    text = json.dumps({"name": WAREHOUSE, "expectations": [rule]})
    (tmp_path / "warehouse.json").write_text(text, encoding="utf-8")

    with pytest.raises(Misconfigured, match=complaint):
        read_warehouse_suite(tmp_path)
