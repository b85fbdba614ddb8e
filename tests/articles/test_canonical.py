"""A canonical link is believed where it can be the article's, and not where a template gave it to every page."""

import pytest

from ingest.articles.canonical import believed_canonical, leads_to_front, linked_canonical
from ingest.core.model import Source

GAZETTE = Source(source_id="gazette", name="Gazette", feed_url="https://www.gazette.example/rss")
HERE = "https://www.gazette.example/news/2026/11/16/old-timber-quay-closes"
HEADLINE = "Old timber quay closes before winter"
TEXT = "Ferries to the islands will leave from the coal pier, the harbour board decided on Tuesday."


@pytest.mark.parametrize(
    ("stated", "believed"),
    [
        ("/news/2026/11/16/old-timber-quay-closes", HERE),
        (
            "http://gazette.example/news/2026/11/16/old-timber-quay-closes/#top",
            HERE.replace("https://www.", "http://") + "/",
        ),
        ("https://www.gazette.example/harbour/quay-closed-71", "https://www.gazette.example/harbour/quay-closed-71"),
        (
            "/2026/11/ferries-leave-from-coal-pier/?utm_source=feed",
            "https://www.gazette.example/2026/11/ferries-leave-from-coal-pier/",
        ),
        ("/?p=123", "https://www.gazette.example/?p=123"),
        ("/a/7fk2", "https://www.gazette.example/a/7fk2"),
    ],
)
def test_an_address_that_can_be_the_storys_is_believed(stated: str, believed: str) -> None:
    assert canonical(stated) == believed


@pytest.mark.parametrize(
    "stated",
    [
        "/",
        "https://www.gazette.example",
        "https://www.gazette.example/?lang=en",
        "/news",
        "/news/2026/11/16/",
        "/sports/",
        "https://www.gazette.example/index.html",
        "/2019/02/welcome-to-our-redesigned-website",
        "https://other.example/news/2026/11/16/old-timber-quay-closes",
        "javascript:alert(1)",
        "undefined",
        "/404",
        "/search?q=quay",
        "/login?next=/news",
        "/subscribe",
        "{{ page.url }}",
        "https://www.gazette.example/%7B%7Bslug%7D%7D",
        "https://www.gazette.example/" + "timber-quay-" * 1000,
        "http://[broken/",
        "",
        None,
    ],
)
def test_an_address_that_cannot_be_is_not(stated: str | None) -> None:
    assert canonical(stated) == HERE


@pytest.mark.parametrize("shared", ["/articles/10001", "/articles/10001/first-page-of-the-new-system", "/news", "/"])
def test_pages_that_share_a_broken_canonical_link_stay_apart(shared: str) -> None:
    addresses = [f"https://www.gazette.example/articles/{number}" for number in (10002, 10003)]
    headlines = ["Bakers sing in the cathedral", "Mayor of the lower town resigns"]

    believed = [
        canonical(shared, address=address, headline=headline, text=f"{headline}, our reporter says.")
        for address, headline in zip(addresses, headlines, strict=True)
    ]

    assert believed == addresses


def test_the_next_link_is_asked_when_the_first_is_not_believed() -> None:
    stated = ["/", "https://www.gazette.example/harbour/timber-quay"]

    believed = believed_canonical(stated, address=HERE, source=GAZETTE, headline=HEADLINE, text=TEXT)

    assert believed == "https://www.gazette.example/harbour/timber-quay"


def test_a_second_page_of_an_article_belongs_to_it() -> None:
    assert canonical(HERE, address=f"{HERE}/2") == HERE


def test_an_answer_itself_may_say_what_its_address_is() -> None:
    headers = (
        ("link", '</feed>; rel="alternate"; title="All, and more", </harbour/timber-quay>; rel=canonical'),
        ("content-type", "text/html"),
        ("link", "</style.css>; rel=preload"),
    )

    assert linked_canonical(headers) == ["/harbour/timber-quay"]


def test_newsrooms_at_one_bare_address_are_parted_by_their_ports() -> None:
    stated = ["http://127.0.0.1:8002/old-timber-quay-closes"]
    address = "http://127.0.0.1:8001/old-timber-quay-closes"

    assert believed_canonical(stated, address=address, source=GAZETTE, headline=HEADLINE, text=TEXT) == address


@pytest.mark.parametrize(
    ("answered", "is_front"),
    [
        ("https://www.gazette.example/news/", True),
        ("https://www.gazette.example/search?q=timber+quay", True),
        ("https://www.gazette.example/404", True),
        (f"{HERE}/amp", False),
        ("https://www.gazette.example/archive/timber-quay-7", False),
    ],
)
def test_an_address_that_leads_to_a_front_page_is_told_from_one_that_moved(answered: str, *, is_front: bool) -> None:
    assert leads_to_front(answered, asked=HERE, headline=HEADLINE, source=GAZETTE) is is_front


def canonical(stated: str | None, *, address: str = HERE, headline: str = HEADLINE, text: str = TEXT) -> str:
    return believed_canonical([stated], address=address, source=GAZETTE, headline=headline, text=text)
