"""The day of an article is the day a reader would name, whatever else its page dates."""

from datetime import UTC, datetime

import pytest

from ingest.articles.page import read_page
from ingest.core.model import Article, Entry, Page, Source
from tests.makers import an_entry

STORY = (
    "The harbour reopened on Sunday after a storm had closed it for nine days, the port authority said.",
    "About 4,000 containers waited on the quay, and the first ships were unloaded at noon by two cranes.",
    "Shops along the waterfront lost around $12 million, according to the chamber of commerce.",
)
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in STORY)
CHINESE = (
    "港口管理局表示，在风暴关闭港口九天之后，港口已于星期日重新开放，第一批船只在中午卸货。",
    "大约有四千个集装箱在码头等待，商会表示，海滨的商店损失了大约一千二百万美元。",
)


def read(html: str, *, url: str = "https://quay.example/harbour", entry: Entry | None = None) -> Article:
    page = Page(
        requested_url=url,
        final_url=url,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=html.encode(),
        fetched_at=datetime(2026, 11, 16, 12, tzinfo=UTC),
    )
    return read_page(page, Source(source_id="quay", name="Quay", feed_url="https://quay.example/rss"), entry)


@pytest.mark.parametrize(
    ("lines_above", "lines", "day"),
    [
        ("<p>14.11.2026</p><p>by Rosa Kay</p>", f"{PARAGRAPHS * 2}<p>Ships we like</p><p>9.11.2026</p>", 14),
        ("<p>14.11.2026 - Desk: Rosa Kay (spokeswoman of the port)</p>", f"{PARAGRAPHS * 2}<p>9.11.2026</p>", 14),
        ("", f"<p>by Rosa Kay for the Quay Gazette | 14 November 2026 | Ships</p>{PARAGRAPHS * 2}<p>9.11.2026</p>", 14),
        (
            "",
            f"<p>Protocol of the meeting of the port authority of 9 November 2026</p>{PARAGRAPHS}<p>14.11.2026</p>",
            14,
        ),
        ("<p>9.11.2026</p>", f"<p>14.11.2026</p>{PARAGRAPHS}", 14),
        ("", f"<p>— Rosa Kay (@rosakay) November 9, 2026</p>{PARAGRAPHS}<p>14.11.2026</p>", 14),
        ("", f"<p>A post shared by Rosa (@rosa.kay) on Nov 9, 2026</p>{PARAGRAPHS}<p>14.11.2026</p>", 14),
        ("", f"<p>Rosa Kay (@rosakay) | November 14, 2026</p>{PARAGRAPHS}<p>9.11.2026</p>", 14),
        ("", f"<p>RosaKay2026-11-15T17:27:31+02:00November 14th, 2026|Ships</p>{PARAGRAPHS}", 14),
        ("", f"<p>Rosa Kay 11/14/2026November 15th, 2026</p>{PARAGRAPHS}", 14),
        ("<p>Veröffentlichung: 14.11.2026</p>", f"<p>On November 9, 2026 {STORY[0]}</p>{PARAGRAPHS}", 14),
    ],
)
def test_the_date_next_to_the_headline_is_the_storys(lines_above: str, lines: str, day: int) -> None:
    article = read(f"<body>{lines_above}<h1>Harbour reopens</h1>{lines}</body>")

    assert article.published_at is not None
    assert article.published_at.day == day


def test_a_day_told_in_a_short_chinese_sentence_is_no_stamp() -> None:
    told = "".join(f"<p>{text}</p>" for text in (*CHINESE, "2026年11月9日，港口管理局在北京举行了一次记者会 [12] 。"))
    changed = "<meta itemprop='dateUpdate' content='2026-11-14 10:47:36'>"
    article = read(f"<html><head>{changed}</head><body><h1>港口重新开放</h1>{told}</body></html>")

    assert article.published_at is not None
    assert article.published_at.day == 14


STATED = "<meta property='article:published_time' content='2026-11-14T16:28:00+01:00'>"


@pytest.mark.parametrize(
    ("address", "lines", "day"),
    [
        ("home/2024/7/12", "", "2024-07-12"),
        ("home/2024/7/12", "<p>Nov 14</p>", "2024-07-12"),
        ("home/2024/7/12", "<p>Nov 14, 2026</p>", "2026-11-14"),
        ("20240712", "", "2026-11-14"),
        ("2026/11/02", "", "2026-11-14"),
        ("2026/12/14", "", "2026-11-14"),
    ],
)
def test_an_article_published_again_keeps_the_day_in_its_address(address: str, lines: str, day: str) -> None:
    html = f"<html><head>{STATED}</head><body><h1>Harbour reopens</h1>{lines}{PARAGRAPHS}</body></html>"
    article = read(html, url=f"https://quay.example/{address}/harbour")

    assert article.published_at is not None
    assert article.published_at.date().isoformat() == day


@pytest.mark.parametrize(
    ("script", "offset"),
    [
        ('{"DateCreation": "2026-11-13"}', -60),
        ('{"DateCreation": "2026-11-14"}', 0),
        ('{"DateCreation": "2026-11-11"}', 0),
        ('[{"DateCreation": "2026-11-13"}, {"DateCreation": "2026-11-09"}]', 0),
        ('{"DateCreation": "2026-11-13T20:00:00"}', 0),
    ],
)
def test_a_moment_in_utc_takes_its_day_from_what_a_script_names_alone(script: str, offset: int) -> None:
    head = (
        f"<meta property='article:published_time' content='2026-11-14T00:23:33Z'><script>var page = {script}</script>"
    )
    article = read(f"<html><head>{head}</head><body><h1>Harbour reopens</h1>{PARAGRAPHS}</body></html>")

    assert article.published_offset_minutes == offset


@pytest.mark.parametrize(
    ("named", "day"),
    [
        ("<footer><span class='post-created'>14.11.2026</span> / 3 comments</footer>", 14),
        ("<footer><p class='article-date'>14.11.2026 | 14:10</p></footer>", 14),
        ("<footer><abbr class='published' title='2026-11-14T09:00:00'>Saturday</abbr></footer>", 14),
        ("<footer><p class='article-date'>14.11.2026</p><p class='article-date'>13.11.2026</p></footer>", 9),
        ("<footer><p class='article-date'>Last updated: 14.11.2026</p></footer>", 9),
        ("<footer><p class='event-date'>14.11.2026</p></footer>", 9),
    ],
)
def test_an_element_named_after_the_storys_date_is_believed(named: str, day: int) -> None:
    article = read(f"<h1>Harbour reopens</h1><p>On November 9, 2026 {STORY[0]}</p>{PARAGRAPHS}{named}")

    assert article.published_at is not None
    assert article.published_at.day == day


GERMAN = (
    "Der Hafen ist am Sonntag wieder geöffnet worden, nachdem ihn ein Sturm neun Tage lang geschlossen hatte.",
    "Etwa viertausend Container warteten am Kai, und die ersten Schiffe wurden gegen Mittag von zwei Kränen entladen.",
    "Die Läden am Wasser haben nach Angaben der Kammer rund zwölf Millionen Dollar verloren.",
)


@pytest.mark.parametrize(
    ("story", "stated", "offset"),
    [
        (GERMAN, "2026-11-13T23:00:00.000Z", 60),
        (GERMAN, "2026-06-13T22:00:00.000Z", 120),
        (GERMAN, "2026-11-13T22:00:00.000Z", 0),
        (GERMAN, "2026-11-13T23:00:07.000Z", 0),
        (STORY, "2026-11-13T23:00:00.000Z", 0),
    ],
)
def test_a_midnight_where_the_language_is_at_home_is_a_day_there(
    story: tuple[str, ...], stated: str, offset: int
) -> None:
    told = "".join(f"<p>{text}</p>" for text in story)
    head = f"<meta property='article:published_time' content='{stated}'>"
    article = read(f"<html><head>{head}</head><body><h1>Hafen</h1>{told}</body></html>")

    assert article.published_offset_minutes == offset


PICTURE = "<meta property='og:image' content='https://quay.example/files/2026/11/14/crane.jpg'>"


@pytest.mark.parametrize(
    ("head", "lines", "day"),
    [
        ("", "<script>showDate('2026/11/14 01:43:09')</script>", "2026-11-14"),
        ("", "<script>showDate('2026/11/14'); showDate('2026/11/09')</script>", None),
        ("", "<script>var opened = new Date('2026-11-14')</script>", None),
        ("", "<p>November 2026</p>", "2026-11-01"),
        ("", f"{PARAGRAPHS * 6}<p>Last updated: November 2026</p>", "2026-11-01"),
        ("", f"{PARAGRAPHS * 6}<p>November 2026</p>", None),
        (PICTURE, "<p>November 2026</p>", "2026-11-01"),
        (PICTURE, "", "2026-11-14"),
        (PICTURE.replace("2026/11/14", "20261114"), "", None),
    ],
)
def test_a_page_without_a_date_is_dated_by_the_next_best(head: str, lines: str, day: str | None) -> None:
    article = read(f"<html><head>{head}</head><body><h1>Harbour reopens</h1>{lines}{PARAGRAPHS}</body></html>")

    assert (article.published_at.date().isoformat() if article.published_at else None) == day


def test_a_guess_gives_way_to_the_feed() -> None:
    html = f"<html><head>{PICTURE}</head><body><h1>Harbour reopens</h1>{PARAGRAPHS}</body></html>"
    listed = datetime(2026, 11, 15, 9, tzinfo=UTC)

    article = read(html, entry=an_entry(published_at=listed, published_raw="15 Nov 2026 09:00 GMT"))

    assert article.published_at == listed
