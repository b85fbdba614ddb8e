"""Feeds and pages in our own words, sound unless a case spoils them."""

from html import escape

SAID = (
    "The council met on Tuesday evening to settle the matter of the {subject}, which has divided the town since March.",
    "Residents filled the hall and spoke about the {subject} for two hours before the vote, nine members to four.",
    "Work on the {subject} is to begin in the autumn and to last until the following summer, the plan says.",
)
DICHO = (
    "El concejo se reunió el martes por la noche para decidir sobre el {subject}, que divide al pueblo desde marzo.",
    "Los vecinos llenaron la sala y hablaron del {subject} durante dos horas antes de la votación de los concejales.",
    "Las obras del {subject} comenzarán en otoño y durarán hasta el verano siguiente, según el plan presentado.",
)
WHEN = "Tue, 14 May 2024 08:30:00 GMT"


def told(subject: str, said: tuple[str, ...] = SAID) -> str:
    """Tell a story in paragraphs of HTML."""
    return "".join(f"<p>{escape(line.format(subject=subject.lower()))}</p>" for line in said)


def page(title: str, *, head: str = "", body: str | None = None, lang: str = "en") -> str:
    """Write a story's page."""
    text = told(title) if body is None else body
    dated = '<meta property="article:published_time" content="2024-05-14T08:30:00Z">'
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{escape(title)}</title>{dated}{head}</head>'
        f"<body><main><article><h1>{escape(title)}</h1>{text}</article></main></body></html>"
    )


def listing(path: str, title: str, *, extra: str = "", guid: str | None = None, date: str = WHEN) -> str:
    """Write an RSS entry; a path of our own begins with a slash, anything else is an address as it stands."""
    link = "{here}" + path if path.startswith("/") else path
    known = f"<guid isPermaLink='false'>{escape(guid or path)}</guid>"
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>{known}<pubDate>{date}</pubDate>{extra}</item>"
    )


def rss(*listings: str, before: str = '<?xml version="1.0" encoding="utf-8"?>', channel: str = "") -> str:
    """Write an RSS 2.0 feed."""
    return (
        f'{before}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour News</title>'
        f"<link>{{here}}/</link><description>News</description>{channel}{''.join(listings)}</channel></rss>"
    )


SOUND_FEED = rss(listing("/sound", "Sound harbour"))
TWO_STORIES = rss(listing("/sound", "Sound harbour"), listing("/other", "Other bridge"))
