"""Pages: a story put into its newsroom's template. The templates are data; what they are given is escaped here."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from importlib.resources import files
from string import Template

from . import prose
from .story import House, Publication

_MONTHS_ES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def article_page(publication: Publication, house: House, addresses: Mapping[str, str]) -> str:
    """Print a story as its newsroom prints it."""
    return _fill(publication.story.template or house.template, publication, house, addresses)


def amp_page(publication: Publication, house: House, addresses: Mapping[str, str]) -> str:
    """Print a story's AMP twin, whose canonical address is the story's own."""
    return _fill("amp", publication, house, addresses)


def home_page(house: House, publications: Iterable[Publication]) -> str:
    """Print the front page: the stories' titles, and the feed for whoever looks for one."""
    types = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
    titles = (f'<li><a href="{escape(p.path)}">{escape(p.story.title)}</a></li>' for p in publications)
    return _template("home").substitute(
        site=escape(house.name),
        language=house.language,
        charset=house.charset,
        feed=house.feed_path,
        feed_type=types[house.feed_format],
        titles="\n".join(titles),
    )


def _fill(template: str, publication: Publication, house: House, addresses: Mapping[str, str]) -> str:
    story = publication.story
    words = {
        "title": story.title,
        "author": story.author,
        "section": story.section,
        "summary": prose.first_paragraph(story.text),
        "keywords": ", ".join(story.tags),
        "caption": story.caption,
        "image_url": f"{publication.site_url}/images/{story.slug}.jpg" if story.image else "",
        "site": house.name,
        "url": publication.url,
        "path": publication.path,
        "feed": house.feed_path,
        "language": house.language,
        "charset": house.charset,
        "number": str(story.number),
        "year": str(publication.published_at.year),
        "published_iso": publication.published_at.isoformat(),
        "published_day": publication.published_at.strftime("%Y-%m-%d"),
        "published_text": _in_words(publication.published_at, house.language),
        "modified_iso": publication.modified_at.isoformat(),
    }
    return _template(template).substitute(
        {name: escape(value) for name, value in words.items()},
        body=prose.to_html(story.text, addresses),
        tags=", ".join(
            f'<a href="/tags/{escape(tag.lower().replace(" ", "-"))}">{escape(tag)}</a>' for tag in story.tags
        ),
        figure=_figure(words["image_url"], story.caption),
        json_ld=_json_ld(publication, house),
    )


def _template(name: str) -> Template:
    return Template(files(__package__).joinpath("templates", f"{name}.html").read_text(encoding="utf-8"))


def _in_words(moment: datetime, language: str) -> str:
    if language == "es":
        return f"{moment.day} de {_MONTHS_ES[moment.month - 1]} de {moment.year}"
    return f"{moment:%b} {moment.day}, {moment.year} {moment:%I:%M %p} {moment.tzname()}"


def _tags(tags: Iterable[str]) -> str:
    shown = ((tag.lower().replace(" ", "-"), tag) for tag in tags)
    return ", ".join(f'<a href="/tags/{escape(address)}">{escape(tag)}</a>' for address, tag in shown)


def _figure(image_url: str, caption: str) -> str:
    if not image_url:
        return ""
    shown = f'<img src="{escape(image_url)}" alt="{escape(caption)}">'
    return f'<figure class="lead-image">{shown}<figcaption>{escape(caption)}</figcaption></figure>'


def _json_ld(publication: Publication, house: House) -> str:
    """Describe the story in schema.org's words, in the shape its newsroom's system happens to write."""
    article = {
        "@type": "NewsArticle",
        "headline": publication.story.title,
        "mainEntityOfPage": publication.url,
        "datePublished": publication.published_at.isoformat(),
        "dateModified": publication.modified_at.isoformat(),
        "articleSection": publication.story.section,
        "inLanguage": house.language,
        "author": [{"@type": "Person", "name": publication.story.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": house.name},
    }
    if publication.story.json_ld == "graph":
        site = {"@type": "WebSite", "@id": f"{publication.site_url}/#website", "name": house.name}
        return _script({"@context": "https://schema.org", "@graph": [site, article]})
    good = _script({"@context": "https://schema.org", **article})
    if publication.story.json_ld == "broken":
        return '<script type="application/ld+json">{"@type": "BreadcrumbList", "name": "Home",, }</script>\n' + good
    return good


def _script(data: dict[str, object]) -> str:
    written = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{written}</script>'
