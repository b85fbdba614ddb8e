"""What of the articles just read is worth a place in a batch."""

from collections.abc import Collection, Mapping, Sequence

from ..core.ids import content_hash
from ..core.model import BESIDE_BODY, Article
from ..core.parsed_articles import Fetched, ParsedArticle, StagedArticle
from ..core.ports import EntryOutcome
from ..warehouse.near_duplicate_model import ArticleText
from ..warehouse.near_duplicate_rules import is_same_story


def select_staged(
    fetched: Sequence[Fetched],
    parsed_articles: Sequence[ParsedArticle],
    known: Mapping[str, str | None],
    *,
    shortened: Collection[str] = (),
    parser_version: str,
) -> tuple[list[StagedArticle], list[EntryOutcome]]:
    """Part articles into those with new content and those that only bring another address for what we have.

    `known` gives the content hash of each article that is published, and None for one that is in the batch already;
    `shortened` names those whose published version is to stay: see `updates.shortened`.
    The first of several entries with the same article stands for it; the others end unchanged, told alike whether they
    come in its batch or after it was published. A page that was asked again and brings neither is not staged at all.
    """
    staged, outcomes = [], []
    in_batch = {article_id for article_id, known_hash in known.items() if known_hash is None}
    for one, parsed in zip(fetched, parsed_articles, strict=True):
        article = parsed.article
        new_hash = hash_of(article)
        same_hashes = {new_hash, hash_with_boilerplate(article)}
        is_shorter = article.article_id in shortened
        is_new = (
            article.article_id not in in_batch and known.get(article.article_id) not in same_hashes and not is_shorter
        )
        if is_new:
            in_batch.add(article.article_id)
        else:
            same = "same_content" if one.article_id == article.article_id else "same_article"
            reason = "shortened" if is_shorter else same
            outcomes.append(EntryOutcome(entry_id=one.entry.entry_id, outcome="unchanged", reason=reason))
            if one.known_as == article.article_id:
                continue
        staged.append(
            StagedArticle(
                entry=one.entry,
                parsed=parsed,
                content_hash=new_hash,
                is_new_content=is_new,
                fetched_at=one.fetched_at,
                capture_id=one.capture.capture_id if one.capture and is_shown(article) else None,
                parser_version=parser_version,
            )
        )
    return staged, outcomes


def moved_articles(
    fetched: Sequence[Fetched],
    parsed_articles: Sequence[ParsedArticle],
    *,
    at: Mapping[str, str],
    texts: Mapping[str, ArticleText],
) -> dict[str, str]:
    """Return which of the articles just read, none of them known, is one that we know under another address.

    It is the one that was read `at` its page's address before, or the one its entry brought before, with the same text;
    or another that was just read where this one says that it is.
    """
    moved: dict[str, str] = {}
    twins = _crossed(fetched, parsed_articles)
    for one, parsed in zip(fetched, parsed_articles, strict=True):
        article = parsed.article
        before = at.get(article.url) or at.get(article.canonical_url)
        brought = texts.get(one.article_id or "")
        if before is None and brought and is_same_story(brought, _text_of(one, parsed)):
            before = brought.article_id
        if before is not None and before != article.article_id:
            moved.setdefault(article.article_id, before)
    return {twin: moved.get(first, first) for twin, first in twins.items()} | moved


def _crossed(fetched: Sequence[Fetched], parsed_articles: Sequence[ParsedArticle]) -> dict[str, str]:
    """Return which of the articles just read are another of them: it was read where they say that they are.

    Two that each call the other's address their own are the first of them.
    """
    read = {parsed.article.url: (one, parsed) for one, parsed in zip(fetched, parsed_articles, strict=True)}
    crossed: dict[str, str] = {}
    for one, parsed in zip(fetched, parsed_articles, strict=True):
        twin, first = parsed.article.article_id, read.get(parsed.article.canonical_url)
        if first is None or first[1].article.article_id in (twin, *crossed):
            continue
        if is_same_story(_text_of(*first), _text_of(one, parsed)):
            crossed[twin] = first[1].article.article_id
    return crossed


def _text_of(fetched: Fetched, parsed: ParsedArticle) -> ArticleText:
    article = parsed.article
    return ArticleText(
        article_id=article.article_id,
        title=article.title,
        body=article.body,
        content_hash=hash_of(article),
        first_seen_at=fetched.fetched_at,
    )


def hash_of(article: Article) -> str:
    """Hash what an article says."""
    return content_hash(article.title, (one.text for one in article.paragraphs if one.kind not in BESIDE_BODY))


def hash_with_boilerplate(article: Article) -> str:
    """Hash what an article said before its boilerplate was known."""
    return content_hash(article.title, (one.text for one in article.paragraphs if one.kind != "caption"))


def is_shown(article: Article) -> bool:
    """Return whether an article was read from its page, and not from what its feed carried."""
    return "body_from_feed" not in article.flags
