"""The articles of a section page are read whatever its layout, and nothing of a page that lists none."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.core.errors import NoArticleList
from ingest.core.model import Page
from ingest.feeds.sections.page import SectionPage, read_section, read_section_feed
from tests.makers import NOON, a_source

HOME = "https://gazette.example"
TEASER = "Nobody in the valley expected it, and nobody had planned for it either, officials said."
STORIES = {
    "/2026/02/06/court-strikes-down-quarry-permit": "Court strikes down quarry permit",
    "/2026/02/06/rain-fills-reservoirs-to-the-brim": "Rain fills reservoirs to the brim",
    "/2026/02/05/a-school-with-four-pupils-stays-open": "A school with four pupils stays open",
    "/2026/02/05/wool-price-halves-in-a-year": "Wool price halves in a year",
}
LETTERS = "<a href='/letters-to-the-editor'>Letters to the editor</a>"
MENU = f"<header><nav><a href='/sport'>Sport</a>{LETTERS}</nav></header>"
FOOT = "<footer><a href='/privacy-policy'>Privacy policy</a><a href='/about-us'>About us</a></footer>"
READ_MOST = "".join(
    f"<li><a href='/2026/01/0{day}/a-story-that-many-read-{day}'>A story that many read, part {day}</a></li>"
    for day in range(1, 6)
)


def read(html: str, path: str = "/valley", **source: Any) -> SectionPage:
    return read_section(page(html, path), a_source(**source))


def page(html: str, path: str = "/valley") -> Page:
    url = path if path.startswith("http") else HOME + path
    html_type = (("content-type", "text/html; charset=utf-8"),)
    return Page(requested_url=url, final_url=url, status=200, headers=html_type, body=html.encode(), fetched_at=NOON)


def listed(found: SectionPage) -> dict[str, str]:
    return {(one.url or "").removeprefix(HOME): one.title for one in found.listings}


def moments(found: SectionPage) -> list[datetime | None]:
    return list(found.published)


def days(*days: int, month: int = 2) -> list[datetime]:
    return [datetime(2026, month, day, tzinfo=UTC) for day in days]


def each(template: str, **more: str) -> str:
    return "".join(
        template.format(url=url, title=title, teaser=TEASER, number=number, **more)
        for number, (url, title) in enumerate(STORIES.items(), 1)
    )


def cards() -> str:
    card = (
        "<article class='post post-{number}'><a href='{url}'><img src='/{number}.jpg'></a><header>"
        "<span class='cat'><a href='/category/valley-and-hills'>Valley</a></span><h2><a href='{url}'>{title}</a></h2>"
        "<time datetime='2026-02-0{number}T10:30:00-05:00'>{number} Feb</time> <a href='/author/ana-ruiz'>Ana Ruiz</a>"
        "<a href='{url}#comments'>3 comments</a></header><p>{teaser} <a href='{url}'>Continue reading</a></p></article>"
    )
    side = f"<aside><h2>Most read</h2><ul>{READ_MOST}</ul></aside>"
    return f"<html lang='en'><body class='has-sidebar'>{MENU}<main>{each(card)}</main>{side}{FOOT}</body></html>"


def table() -> str:
    row = "<tr><td>0{number}/02/2026</td><td><a href='{url}'>{title}</a><br><font size=2>{teaser}</font></td></tr>"
    menu = "<table><tr><td><a href='/l?sec=1'>Inicio</a></td><td><a href='/l?sec=2'>Deportes</a></td></tr></table>"
    return f"<html lang='es'><body>{menu}<table><tr><th>Fecha</th><th>Nota</th></tr>{each(row)}</table></body></html>"


def definition_list() -> str:
    row = "<dt><a href='{url}'>{title}</a></dt><dd>{number} de fevereiro de 2026 às 18h40</dd><dd>{teaser}</dd>"
    side = f"<div class='mais-lidas'><h2>Mais lidas</h2><ul>{READ_MOST}</ul></div>"
    return f"<html lang='pt-BR'><body>{MENU}<dl>{each(row)}</dl>{side}</body></html>"


def headlines() -> str:
    rows = each("<li><a href='{url}'>{title}</a></li>")
    side = f"<div id='r'><h3>Lo más leído</h3><ol>{READ_MOST}</ol></div>"
    return f"<html lang='es'><body>{MENU}<div id='l'><h1>Valle</h1><ul>{rows}</ul></div>{side}{FOOT}</body></html>"


def whole_links() -> str:
    advert = "<div class='q9'><span>Publicité</span></div>"
    card = (
        "<a class='k2' href='{url}'><img alt=''><div class='k3'>La vie au village</div><div class='k4'>{title}</div>"
        "<div class='k5'>{teaser} {number}</div><div class='k6'>{number} février 2026</div></a>"
    )
    rows = each(card + advert)
    return f"<html lang='fr'><body>{MENU}<div id='app'><div class='k1'>{rows}</div></div></body></html>"


def rows_without_boxes() -> str:
    row = "<h3><a href='{url}'>{title}</a></h3><p>Tuesday, {number} February 2026</p><p>{teaser}</p><hr>"
    return f"<html lang='en'><body><center><a href='/'>Home</a></center><div>{each(row)}</div></body></html>"


LAYOUTS = (cards, table, definition_list, headlines, whole_links, rows_without_boxes)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_read_with_titles_in_its_order(layout: Callable[[], str]) -> None:
    assert listed(read(layout())) == STORIES
    assert list(listed(read(layout()))) == list(STORIES)


@pytest.mark.parametrize("layout", [one for one in LAYOUTS if one is not headlines])
def test_dates_and_teasers_beside_the_titles_are_taken(layout: Callable[[], str]) -> None:
    found = read(layout())

    assert [moment.day if moment else None for moment in found.published] == [1, 2, 3, 4]
    assert all((one.summary or "").startswith(TEASER) for one in found.listings)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "change",
    [
        lambda html: re.sub(r" (?:class|id)='[^']*'", "", html),
        lambda html: re.sub(r"<(/?)(?:main|aside|nav|header|footer|article)\b", r"<\1div", html),
        lambda html: re.sub(r"<(/?)h[123]\b", r"<\1div", html),
        lambda html: '<?xml version="1.0" encoding="utf-8"?>' + html,
    ],
)
def test_a_list_is_read_by_more_than_its_names(layout: Callable[[], str], change: Callable[[str], str]) -> None:
    assert listed(read(change(layout()))) == STORIES


def test_latin_posts_addresses_are_articles_by_its_pattern_and_its_other_pages_are_not() -> None:
    rows = "".join(
        f"<li><a class='th' href='/articles/{number}/20260206/{slug}.htm'><img></a><strong>"
        f"<a href='/articles/{number}/20260206/{slug}.htm'>{title}</a></strong>"
        "<span>Feb 06, 2026 10:47 AM EST</span></li>"
        for number, slug, title in (
            (166875, "peru-court", "Peru Court Orders New Vote"),
            (166871, "bad-bunny", "Bad Bunny Adds Two Dates"),
        )
    )
    old = "<a href='/articles/150001/20251101/old.htm'>An Old Thing Still Read</a>"
    popular = f"<div class='rt'><h4>MOST POPULAR</h4>{old}</div>"
    menu = "<a href='/celebrity'>Celebrity</a><a href='/tags/latin-post'>Latin Post</a>"
    html = (
        f"<html lang='en'><body>{menu}<ul>{rows}</ul>"
        "<div><a href='/life/'>1</a><b>2</b><a href='/life/page3.htm'>3</a><a href='/life/page65.htm'>Last</a></div>"
        f"{popular}</body></html>"
    )
    found = read(html, "https://www.latinpost.com/life/page2.htm", article_id_pattern=r"/articles/(\d+)/")

    assert [one.title for one in found.listings] == ["Peru Court Orders New Vote", "Bad Bunny Adds Two Dates"]
    assert found.listings[0].url == "https://www.latinpost.com/articles/166875/20260206/peru-court.htm"
    assert moments(found) == [datetime(2026, 2, 6, 15, 47, tzinfo=UTC)] * 2
    assert found.older.linked == "https://www.latinpost.com/life/page3.htm"


def test_what_json_ld_lists_follows_what_the_page_shows() -> None:
    items = ",".join(
        f'{{"@type":"ListItem","position":{number},"item":{{"@type":"NewsArticle","url":"{url}","headline":"{title}",'
        f'"datePublished":"2026-02-0{number}T12:00:00Z"}}}}'
        for number, (url, title) in enumerate(STORIES.items(), 1)
    )
    url, title = next(iter(STORIES.items()))
    found = read(
        f'<html><head><script type="application/ld+json">{{"@type":"CollectionPage","mainEntity":{{"@type":"ItemList",'
        f'"itemListElement":[{items}]}}}}</script></head><body><main><div><a href="{url}"><h3>{title}</h3></a></div>'
        '<button data-next="/valley?page=2">Load more</button></main></body></html>'
    )

    assert listed(found) == STORIES
    assert moments(found) == [datetime(2026, 2, day, 12, tzinfo=UTC) for day in (1, 2, 3, 4)]
    assert found.older.linked == f"{HOME}/valley?page=2"


def test_a_day_is_of_all_headlines_below_it() -> None:
    (first, second, third, fourth) = (f"<li><a href='{url}'>{title}</a></li>" for url, title in STORIES.items())
    found = read(
        f"<html lang='es'><body><main><h2>Viernes, 6 de febrero de 2026</h2><ul>{first}{second}{third}</ul>"
        f"<h2>Jueves, 5 de febrero de 2026</h2><ul>{fourth}</ul></main></body></html>"
    )

    assert listed(found) == STORIES
    assert moments(found) == days(6, 6, 6, 5)


@pytest.mark.parametrize(
    ("lang", "written", "read_as"),
    [
        ("es", "3 de febrero de 2026", [days(3)[0]]),
        ("pt", "03/02/2026", [days(3)[0]]),
        ("fr", "1er février 2026", [days(1)[0]]),
        ("en-US", "02/03/2026", [days(3)[0]]),
        ("en-GB", "02/03/2026", days(2, month=3)),
        ("en", "02/03/2026", [None]),  # February or March
        ("en", "02/13/2026", [days(13)[0]]),
        ("en", "3 hours ago", [None]),
        ("es", "Actualizado: 3 de febrero de 2026", [None]),
        ("en", "By Ana Ruiz, Feb 3, 2026", [days(3)[0]]),
    ],
)
def test_a_date_is_read_where_it_means_one_day(lang: str, written: str, read_as: list[datetime | None]) -> None:
    rows = each("<li><h2><a href='{url}'>{title}</a></h2><small>{written}</small></li>", written=written)

    assert moments(read(f"<html lang='{lang}'><body><ul>{rows}</ul></body></html>")) == read_as * 4


def test_the_dates_of_a_list_tell_in_which_order_its_numbers_stand() -> None:
    written = iter(("02/03/2026", "02/02/2026", "01/28/2026", "01/02/2026"))
    rows = "".join(f"<li><a href='{url}'>{title}</a> <i>{next(written)}</i></li>" for url, title in STORIES.items())

    assert moments(read(f"<html lang='en'><body><ul>{rows}</ul></body></html>")) == [
        *days(3, 2), *days(28, 2, month=1),
    ]  # fmt: skip


TOPICS = "".join(f"<li><a href='/topics/topic-number-{one}-of-all'>Topic number {one}</a></li>" for one in "abcd")
CLIPS = "".join(
    f"<a href='/videos/clip-{one}-of-the-day-991{one}'><h3>Clip {one} of the day</h3></a>" for one in "1234"
)
LONG = "The harbor board voted late on Tuesday to move the ferry line to the northern dock, which ends a long dispute. "


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (f"<main><h1>Gardens</h1><p>No articles found in this section.</p></main><ul>{READ_MOST}</ul>", "empty_list"),
        (f"<div>Por el momento no hay noticias.</div><ul>{READ_MOST}</ul>", "empty_list"),
        (f"<div>Nenhum resultado encontrado</div><ul>{READ_MOST}</ul>", "empty_list"),
        (f"<div>Aucun article dans cette rubrique.</div><ul>{READ_MOST}</ul>", "empty_list"),
        (f"<h1>404: Page not found</h1><ul>{READ_MOST}</ul>", "missing_page"),
        (f"<h1>Sign in</h1><form><input type=password></form><ul>{READ_MOST}</ul>", "auth"),
        (f"<h1>Ferry moves</h1>{f'<p>{LONG}</p>' * 7}<h2>More</h2><ul>{READ_MOST}</ul>", "article"),
        (f"<h1>Ferry moves</h1>{f'{LONG}<br><br>' * 7}<h2>More</h2><ul>{READ_MOST}</ul>", "article"),
        ("<div id='root'></div><noscript>You need to enable JavaScript.</noscript>", "no_article_links"),
        (f"<h1>Gardens</h1><aside><h3>Most read</h3><ul>{READ_MOST}</ul></aside>", "no_article_links"),
        (TOPICS, "no_article_links"),
        (CLIPS, "media"),
        ("", "no_article_links"),
    ],
)  # fmt: skip
def test_a_page_that_lists_no_article_gives_nothing_and_tells_why(html: str, reason: str) -> None:
    found = read(f"<html><body>{MENU}{html}{FOOT}</body></html>")

    assert (found.listings, found.reason) == ((), reason)
    with pytest.raises(NoArticleList, match=f"lists no article: {reason}"):
        read_section_feed(page(f"<html><body>{MENU}{html}{FOOT}</body></html>"), source=a_source())


def test_after_a_redesign_with_other_addresses_a_pattern_finds_nothing() -> None:
    assert read(cards(), article_id_pattern=r"/articles/(\d+)/").reason == "no_article_links"


def test_a_teaser_may_be_a_link_of_its_own() -> None:
    rows = each("<div><a href='{url}'>{title}</a><p><a href='{url}'>{teaser}</a></p></div>")

    assert {one.summary for one in read(f"<html><body>{rows}</body></html>").listings} == {TEASER}


def test_links_of_a_menu_are_no_articles_however_long_their_names() -> None:
    short = "".join(
        f"<a href='/{name}'>{name}</a> · " for name in "world money sport food letters travel law art books".split()
    )
    long = "<a href='/the-elections-of-2026-in-full-special'>The elections of 2026 in full: a special</a>"
    menu = f"<div><p>{short}{long}</p><div><h4>{long}</h4></div></div>"

    assert listed(read(headlines().replace("</body>", f"{menu}</body>").replace(MENU, menu))) == STORIES


def test_short_links_in_each_card_make_no_menu_of_a_list() -> None:
    card = (
        "<div class='c'><a href='/news/{slug}' aria-label='{title}'></a><h3>{title}</h3>"
        "<a href='/topic/valley'>Valley</a> <a href='/people/ana'>Ana</a> <a href='/people/luz'>Luz Mar</a></div>"
    )
    rows = "".join(card.format(slug=url.rpartition("/")[2], title=title) for url, title in STORIES.items())
    found = read(f"<html><body>{MENU}<div class='g'>{rows}</div>{FOOT}</body></html>")

    assert [one.title for one in found.listings] == list(STORIES.values())


def test_a_foreword_makes_no_article_of_a_list() -> None:
    html = cards().replace("<main>", f"<main><h1>Valley</h1>{f'<p>{LONG}</p>' * 3}").replace(TEASER, TEASER * 3)

    assert listed(read(html)) == STORIES


def test_sponsored_cards_other_sites_and_copies_of_a_page_are_left_out() -> None:
    row = (
        "<li><h2><a href='{url}'>{title}</a></h2><p>{teaser}</p>"
        "<a href='/print.asp?id={number}00'><img alt='Print'></a></li>"
        "<li><span>Sponsored</span><h2><a href='/2026/02/01/how-to-save-{number}'>How to save for a home</a></h2></li>"
        "<li><h2><a href='https://shop.example/2026/02/01/buy-a-mattress-{number}'>Buy a mattress now</a></h2></li>"
    )

    assert listed(read(f"<html><body><ul>{each(row)}</ul></body></html>")) == STORIES


@pytest.mark.parametrize(
    ("path", "links", "linked"),
    [
        ("/valley", "<a href='/valley/page2.htm'>2</a><a href='/valley/page9.htm'>Last</a>", "/valley/page2.htm"),
        ("/valley/page2.htm", "<a href='/valley'>1</a><a href='/valley/page3.htm'>3</a>", "/valley/page3.htm"),
        ("/valley/page/2/", "<a href='/valley/page/1/'>Prev</a><a href='/valley/page/3/'>Next</a>", "/valley/page/3/"),
        ("/l.php?s=3", "<a href='l.php?s=3&start=20'>3</a><a href='l.php?s=3&start=10'>2</a>", "/l.php?s=3&start=10"),
        ("/valley", "<a href='/hills?page=2'>2</a>", None),
        ("/valley/", "<a href='/valley/?before=88123'>Entradas antiguas</a>", "/valley/?before=88123"),
        ("/all/2026/02/", "<a href='/all/2025/12/'>December</a><a href='/all/2026/01/'>January</a>", "/all/2026/01/"),
    ],
)  # fmt: skip
def test_the_next_older_page_is_the_one_that_the_page_links(path: str, links: str, linked: str | None) -> None:
    found = read(cards().replace("</main>", f"</main><div>{links}</div>"), path)

    assert found.older.linked == (HOME + linked if linked else None)


@pytest.mark.parametrize(
    ("path", "guessed"),
    [
        ("/valley", ("/valley/page2.htm", "/valley/page/2/", "/valley?page=2")),
        ("/valley/page4.htm", ("/valley/page5.htm",)),
        ("/list.asp?cat=4&page=7", ("/list.asp?cat=4&page=8",)),
        ("/list.asp?cat=4", ("/list.asp?cat=4&page=2",)),
    ],
)
def test_without_a_link_the_next_older_page_is_guessed(path: str, guessed: tuple[str, ...]) -> None:
    assert read(cards(), path).older.guessed == tuple(HOME + one for one in guessed)


def test_a_page_of_thousands_of_elements_deep_in_each_other_is_read_in_its_time() -> None:
    deep = "<div>" * 5_000 + next(iter(STORIES))
    found = read(f"<html><body>{deep}</body></html>")

    assert found.reason == "no_article_links"
