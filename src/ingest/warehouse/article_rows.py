"""How parsed articles become rows of the warehouse."""

from collections.abc import Iterable, Mapping, Sequence

from ..core.ids import author_key, figure_key
from ..core.parsed_articles import StagedArticle
from ..state import row_of
from .warehouse import Row, Transaction


def keep_unreleased(transaction: Transaction, rows: Iterable[Row]) -> None:
    """Write down of which articles the analysts' file does not have the rows as they are now."""
    transaction.insert("ops.unreleased", [{"article_id": row["article_id"]} for row in rows])


def staged_rows(staged: StagedArticle, batch_id: str) -> dict[str, list[Row]]:
    """Make the rows of one article, by staged table; an article without news brings its addresses alone."""
    rows = {"article_urls": _address_rows(staged), "article_sources": [_listing_row(staged)]}
    if staged.is_new_content:
        rows |= _article_rows(staged)
    for table, listed in rows.items():
        for row in listed:
            row["batch_id"] = batch_id
            row["row_key"] = _row_key(table, row)
    return rows


# Several entries of a batch may bring the same address, listing or person: the first stands for all.
_TWINNED = ("article_urls", "article_sources", "authors")


def stage_rows(transaction: Transaction, tables: Mapping[str, Sequence[Row]]) -> None:
    """Put rows, by staged table, in their batches."""
    for table, rows in tables.items():
        if table in _TWINNED:
            transaction.merge(f"staging.{table}", rows, key=["batch_id", "row_key"])
        else:
            transaction.insert(f"staging.{table}", rows)


# What identifies a staged row in its batch, by staged table.
KEY_COLUMNS = {
    "articles": ("article_id",),
    "article_urls": ("article_id", "url", "kind"),
    "article_sources": ("article_id", "source_id"),
    "authors": ("author_id",),
    "article_authors": ("article_id", "position"),
    "paragraphs": ("article_id", "position"),
    "figures": ("figure_id",),
    "links": ("article_id", "position"),
    "media": ("article_id", "position"),
    "tags": ("article_id", "tag"),
}


def _row_key(table: str, row: Row) -> str:
    return ":".join(str(row[column]) for column in KEY_COLUMNS[table])


def _address_rows(staged: StagedArticle) -> list[Row]:
    article = staged.parsed.article
    found = [(staged.entry.url, "listed"), (article.url, "final"), (article.canonical_url, "canonical")]
    return [{"article_id": article.article_id, "url": url, "kind": kind} for url, kind in found if url]


def _listing_row(staged: StagedArticle) -> Row:
    return {
        "article_id": staged.parsed.article.article_id,
        "source_id": staged.entry.source_id,
        "guid": staged.entry.guid,
        "found_at": staged.fetched_at,
        "last_listed_at": staged.fetched_at,
    }


def _article_rows(staged: StagedArticle) -> dict[str, list[Row]]:
    article = staged.parsed.article
    key = {"article_id": article.article_id}
    return {
        "articles": [_article_row(staged)],
        "authors": [{"author_id": author_key(name), "name": name} for name in article.authors],
        "article_authors": [
            key | {"author_id": author_key(name), "position": position}
            for position, name in enumerate(article.authors, 1)
        ],
        "paragraphs": [
            key | {"position": position} | row_of(paragraph) for position, paragraph in enumerate(article.paragraphs, 1)
        ],
        "figures": _figure_rows(staged),
        "links": [key | {"position": position} | row_of(link) for position, link in enumerate(article.links, 1)],
        "media": [key | {"position": position} | row_of(medium) for position, medium in enumerate(article.media, 1)],
        "tags": [key | {"tag": tag} for tag in dict.fromkeys(article.tags)],
    }


def _article_row(staged: StagedArticle) -> Row:
    article = staged.parsed.article
    body = article.body
    return {
        "article_id": article.article_id,
        "source_id": article.source_id,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "authors": article.authors,
        "summary": article.summary,
        "body": body,
        "language": article.language,
        "section": article.section,
        "published_at": article.published_at,
        "modified_at": article.modified_at,
        "published_raw": article.published_raw,
        "first_seen_at": staged.fetched_at,
        "fetched_at": staged.fetched_at,
        "word_count": len(body.split()),
        "content_hash": staged.content_hash,
        "flags": article.flags,
        "parser_version": staged.parser_version,
        "capture_id": staged.capture_id,
    }


def _figure_rows(staged: StagedArticle) -> list[Row]:
    article = staged.parsed.article
    seen: dict[tuple[str, int], int] = {}
    rows = []
    for position, (paragraph, figures) in enumerate(zip(article.paragraphs, staged.parsed.figures, strict=True), 1):
        for figure in figures:
            sentence = paragraph.text[figure.sentence_start : figure.sentence_end]
            offset = figure.start - figure.sentence_start
            occurrence = seen[sentence, offset] = seen.get((sentence, offset), 0) + 1
            rows.append(
                {
                    "figure_id": figure_key(article.article_id, sentence, offset, occurrence),
                    "article_id": article.article_id,
                    "paragraph": position,
                    "span_start": figure.start,
                    "span_end": figure.end,
                    "text": figure.text,
                    "value": figure.value,
                    "value_high": figure.value_high,
                    "kind": figure.kind,
                    "unit": figure.unit,
                    "canonical_unit": figure.canonical_unit,
                    "qualifier": figure.qualifier,
                    "subject": figure.subject,
                    "attributed_to": figure.attributed_to,
                    "originator": figure.originator,
                    "relayed_by": figure.relayed_by,
                    "sentence": sentence,
                    "flags": figure.flags,
                    "rules": figure.rules,
                }
            )
    return rows
