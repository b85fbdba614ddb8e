"""Reads an article whole: the article from its page, and the figures from its paragraphs."""

from dataclasses import replace
from html import escape

from ..core.article_identity import article_place
from ..core.errors import NotAnArticle
from ..core.ids import article_key
from ..core.model import Article, Entry, Figure, Page, Paragraph, Source
from ..core.parsed_articles import Fetched, ParsedArticle
from ..figures import read_figures
from .corrections import without_corrected
from .page import read_page

LONGEST_PROSE = 10_000  # characters; a longer paragraph is data, and each of its figures would quote it whole
MOST_FIGURES = 2_000  # a page with more is a table, and costs its length times its figures


def parse_article(source: Source, entry: Entry, page: Page) -> ParsedArticle:
    """Read an article and its figures; raise NotAnArticle when the page holds no article."""
    article = with_captions(read_page(page, source, entry))
    figures: list[tuple[Figure, ...]] = []
    left = MOST_FIGURES
    flags: set[str] = set()
    told = [article.title, *(paragraph.text for paragraph in article.paragraphs)]
    context = "\n".join(text for text in told if len(text) <= LONGEST_PROSE)
    for before, paragraph in zip((None, *article.paragraphs), article.paragraphs, strict=False):
        is_readable = left > 0 and len(paragraph.text) <= LONGEST_PROSE
        read: tuple[Figure, ...] = ()
        if is_readable:
            read = read_figures(paragraph.text, language=article.language, country=source.country, context=context)
        claimed = without_corrected(read, paragraph, before) if read else ()
        if len(claimed) < len(read):
            flags.add("corrected")
        if not is_readable or len(claimed) > left:
            flags.add("figures_cut_short")
        figures.append(claimed[:left])
        left -= len(figures[-1])
    if flags:
        article = replace(article, flags=(*article.flags, *sorted(flags)))
    return ParsedArticle(article=article, figures=tuple(figures))


def with_captions(article: Article) -> Article:
    """Return an article with the captions of its images behind its paragraphs, but for those that repeat one."""
    told = {article.title, *(paragraph.text for paragraph in article.paragraphs)}
    captions = dict.fromkeys(one.caption for one in article.media if one.kind == "image" and one.caption)
    added = tuple(Paragraph(kind="caption", text=caption) for caption in captions if caption and caption not in told)
    return replace(article, paragraphs=(*article.paragraphs, *added))


def parse_fetched_article(source: Source, fetched: Fetched, page: Page) -> ParsedArticle:
    """Read an article from its page; where that holds none, from the text its feed carried.

    Raises NotAnArticle when neither holds an article, or when we have the article from when its page did.
    """
    try:
        return _in_its_place(parse_article(source, fetched.entry, page), fetched.entry)
    except NotAnArticle as error:
        if fetched.article_id is not None and not fetched.is_from_feed:
            raise
        try:
            return parse_listed_article(source, fetched)
        except NotAnArticle:
            raise error from None


def parse_listed_article(source: Source, fetched: Fetched) -> ParsedArticle:
    """Read an article from the text its feed carried, for want of a page; raise NotAnArticle when it carried none."""
    entry = fetched.entry
    if not entry.content_html:
        raise NotAnArticle("the feed carries no text either", about=entry.url or entry.entry_id)
    address = entry.url or f"urn:entry:{entry.entry_id}"
    markup = f"<html><head><title>{escape(entry.title)}</title></head><body><article>{entry.content_html}</article>"
    page = Page(
        requested_url=address,
        final_url=address,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=markup.encode("utf-8", "replace"),
        fetched_at=fetched.fetched_at,
    )
    story = parse_article(source, entry, page)
    if entry.url is None:  # it is nowhere but in its feed
        within = f"{source.feed_url}#{entry.entry_id}"
        story = replace(story, article=replace(story.article, url=within, canonical_url=within))
    flags = tuple(dict.fromkeys((*story.article.flags, "body_from_feed")))
    return _in_its_place(replace(story, article=replace(story.article, flags=flags)), entry)


def _in_its_place(story: ParsedArticle, entry: Entry) -> ParsedArticle:
    """Tell an article that its feed carried from others that lie on the same page, by the fragment that leads to it."""
    article, place = story.article, article_place(entry.url or "")
    if not place or "body_from_feed" not in article.flags:
        return story
    article_id = article_key(f"{article.article_id}#{place}")
    return replace(
        story, article=replace(article, article_id=article_id, canonical_url=f"{article.canonical_url}#{place}")
    )
