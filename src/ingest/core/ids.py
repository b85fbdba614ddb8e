"""Identity: every key comes from what a thing is, so that making it twice makes the same key."""

import hashlib
import unicodedata
from collections.abc import Iterable

from .model import Batch


def content_key(*parts: str) -> str:
    """Hash the parts into 32 hexadecimal digits; different splits of the same text give different keys."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:32]


def entry_key(source_id: str, identity: str) -> str:
    """Know a listed article by its feed and by its guid there (its address, where it has no guid)."""
    return content_key("entry", source_id, identity)


def article_key(canonical_url: str) -> str:
    """Know an article by its normalised canonical address, whoever listed it."""
    return content_key("article", canonical_url)


def site_article_key(site: str, number: str) -> str:
    """Know an article by its own id within its site, where the site's addresses carry one."""
    return content_key("article", site.lower(), number)


def content_hash(title: str, paragraphs: Iterable[str]) -> str:
    """Change when a reader would notice: by letters and digits alone, not by spacing or typography."""
    return content_key(_words(title), *(_words(paragraph) for paragraph in paragraphs))


def author_key(name: str) -> str:
    """Know a person by name, whatever its case, accents or spacing."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return content_key("author", _words(bare))


def figure_key(article_id: str, sentence: str, offset: int, occurrence: int) -> str:
    """Know a figure by its place in its sentence; a repeated sentence is told apart by its occurrence.

    Figures of one article begin alike, so that a table in the order of its articles is in that of its figures, too.
    """
    return article_id[:16] + content_key("figure", article_id, sentence, str(offset), str(occurrence))[:16]


def batch_key(run_id: str, source_id: str) -> str:
    """Know a batch by its run and its source."""
    return content_key("batch", run_id, source_id)


def pages_name(batch: Batch) -> str:
    """Return the folder of the pages about a batch: by its day, so that folders sort, its source and its key."""
    return f"{batch.staged_at:%Y%m%d}-{batch.source_id}-{batch.batch_id[:8]}"


def alert_fingerprint(kind: str, source_id: str | None) -> str:
    """The same trouble at the same source has the same fingerprint."""
    return content_key("alert", kind, source_id or "")


def _words(text: str) -> str:
    composed = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(composed.casefold().split())
