"""The index of words in the analysts' file: made with the stemmers of DuckDB's extension fts, read without our code."""

from .duckdb_errors import DuckDBPyConnection
from .statements import statement

TEXTS_AT_ONCE = {"articles": 50_000, "paragraphs": 12_000}  # headlines are short
ARTICLES_AT_ONCE = 2_000
POSTINGS_AT_ONCE = 2_000_000  # to be sorted in memory
MOST_UNSORTED = 0.05  # of all postings: each question reads them all
FEW_POSTINGS = 500_000  # which take a question some milliseconds, however they lie
HIGHEST_TERM = 2**64 - 1
WORDS_OF = {
    "articles": {"position": "0", "text": "title"},
    "paragraphs": {"position": "texts.position", "text": "text"},
}


def build_index(connection: DuckDBPyConnection) -> None:
    """Index all articles of the file in use, stems in their order; temporary tables hold what is under way.

    Texts are read as they lie in their tables: those of one article may lie far from each other.
    """
    connection.execute("create or replace temp table unsorted as from search.postings limit 0")
    connection.execute(statement("index_unindexed"))
    for table, at_once in TEXTS_AT_ONCE.items():
        ((rows,),) = connection.execute(f"select coalesce(max(rowid), -1) from {table}").fetchall()
        for row in range(0, rows + 1, at_once):
            _index(connection, table, f"texts.rowid between {row} and {row + at_once - 1}", target="temp.unsorted")
    connection.execute(statement("index_documents"))
    _sort(connection, source="temp.unsorted", target="search.postings")
    connection.execute("drop table temp.unsorted")


def renew_index(connection: DuckDBPyConnection, *, few: int = FEW_POSTINGS) -> None:
    """Index the articles of `ops.unreleased` again; sort all once more than a few postings lie as they came.

    What the index had of them is left behind by its number, which is nobody's any more, until all is sorted or an
    article was removed.
    """
    connection.execute("delete from search.documents where article_id in (from ops.unreleased)")
    ((removed,),) = connection.execute(statement("count_removed")).fetchall()
    if removed:
        connection.execute(statement("index_removed"))
    connection.execute(statement("index_unindexed"))
    ((first, last),) = connection.execute("select min(document), max(document) from temp.unindexed").fetchall()
    for number in range(first, last + 1, ARTICLES_AT_ONCE) if first is not None else ():
        for table in WORDS_OF:
            numbers = f"document between {number} and {number + ARTICLES_AT_ONCE - 1}"
            chosen = f"texts.article_id in (select article_id from temp.unindexed where {numbers})"
            _index(connection, table, chosen, target="search.postings")
    connection.execute(statement("index_documents"))
    ((postings, in_order),) = connection.execute(statement("index_order")).fetchall()
    if postings - in_order > max(few, few and MOST_UNSORTED * postings):
        connection.execute("create table search.renewed as from search.postings limit 0")
        _sort(connection, source="search.postings", target="search.renewed")
        connection.execute(statement("index_renewed"))


def _index(connection: DuckDBPyConnection, table: str, chosen: str, *, target: str) -> None:
    sql = statement("index_words").format(table=table, some=chosen, target=target, **WORDS_OF[table])
    connection.execute(sql)


def _sort(connection: DuckDBPyConnection, *, source: str, target: str) -> None:
    """Sort by spans of stems, which are hashes and so lie evenly."""
    ((postings,),) = connection.execute(f"select count(*) from {source}").fetchall()
    spans = 1 + postings // POSTINGS_AT_ONCE
    for span in range(spans):
        first, end = (HIGHEST_TERM * edge // spans for edge in (span, span + 1))
        last = end if span + 1 == spans else end - 1
        connection.execute(statement("index_sorted").format(source=source, target=target, first=first, last=last))
    connection.execute(f"update search.state set sorted_postings = (select count(*) from {target})")
