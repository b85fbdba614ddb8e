"""What of the stories just read is worth a place in a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..keys import content_hash
from ..model import Article
from ..ports import Ending
from ..stories import Fetched, StagedStory, Story


def sort_stories(
    fetched: Sequence[Fetched], stories: Sequence[Story], known: Mapping[str, str], *, parser_version: str
) -> tuple[list[StagedStory], list[Ending]]:
    """Part stories into those with new content and those that only bring another address for what we have.

    `known` gives the content hash of each article that is published, or in the batch already.
    The first of several entries with the same article stands for it; the others end unchanged.
    A page that was asked again and brings neither is not staged at all.
    """
    staged, endings = [], []
    hashes = dict(known)
    in_batch: set[str] = set()
    for one, story in zip(fetched, stories, strict=True):
        new_hash = content_hash(story.article.title, (paragraph.text for paragraph in story.article.paragraphs))
        article = _as_we_have_it(story.article, one, new_hash, hashes)
        is_twin = article.article_id in in_batch
        is_new = not is_twin and hashes.get(article.article_id) != new_hash
        if is_new:
            in_batch.add(article.article_id)
        else:
            reason = "same_article" if is_twin else "same_content"
            endings.append(Ending(entry_id=one.entry.entry_id, outcome="unchanged", reason=reason))
            if one.known_as == article.article_id:
                continue
        staged.append(
            StagedStory(
                entry=one.entry,
                story=replace(story, article=article),
                content_hash=new_hash,
                is_new_content=is_new,
                fetched_at=one.fetched_at,
                capture_id=one.capture.capture_id if one.capture and is_shown(article) else None,
                parser_version=parser_version,
            )
        )
    return staged, endings


def _as_we_have_it(article: Article, fetched: Fetched, new_hash: str, hashes: Mapping[str, str]) -> Article:
    """Give a story the key that it had when its entry led to another address, where it reads the same."""
    if fetched.article_id is None or article.article_id in hashes or hashes.get(fetched.article_id) != new_hash:
        return article
    return replace(article, article_id=fetched.article_id)


def is_shown(article: Article) -> bool:
    """Say whether an article was read from its page, and not from what its feed carried."""
    return "body_from_feed" not in article.flags
