"""Articles of another form are flagged, and lists of articles are told from articles."""

import pytest

from ingest.core.errors import NotAnArticle
from ingest.core.model import Article
from tests.articles.test_page import PARAGRAPHS, STORY, read
from tests.makers import an_entry

POSTS = "".join(
    f"<div class='post'><time datetime='2026-11-16T1{n}:00:00Z'>1{n}:00</time><p>{STORY[n]}</p></div>" for n in range(4)
)
PICTURES = "".join(f"<figure><img src='/{n}.jpg'></figure>" for n in range(8))
LD = "<script type='application/ld+json'>{}</script>"
CARDS = "".join(
    f"<div><h3><a href='/2026/story-{n}'>Story {n} of the harbour</a></h3><p>{STORY[n % 4]} ({n})</p></div>"
    for n in range(8)
)
FORMS = {
    "an episode by its metadata": (
        LD.format('{"@type":"PodcastEpisode","name":"Storm"}') + f"<h1>Storm</h1><main>{PARAGRAPHS}</main>",
        "mostly_audio",
    ),
    "an episode by its player": (
        f"<h1>Storm</h1><main><p>{STORY[0]}</p><audio controls><source src='/storm.mp3'></audio></main>",
        "mostly_audio",
    ),
    "an episode by its frame": (
        f"<h1>Storm</h1><main><p>{STORY[0]}</p><iframe src='https://open.spotify.com/embed/episode/7'></iframe></main>",
        "mostly_audio",
    ),
    "live by its metadata": (
        LD.format('{"@type":"LiveBlogPosting","headline":"Storm"}') + f"<h1>Storm</h1><main>{PARAGRAPHS}</main>",
        "live_blog",
    ),
    "live by its classes": (f"<h1>Storm</h1><main class='liveblog'>{POSTS}</main>", "live_blog"),
    "live by its title": (f"<h1>Storm: minuto a minuto</h1><main>{POSTS}</main>", "live_blog"),
    "a film by its metadata": (
        LD.format('{"@type":"VideoObject","name":"Storm"}') + f"<h1>Storm</h1><main><p>{STORY[0]}</p></main>",
        "mostly_video",
    ),
    "a film by its player": (
        f"<h1>Storm</h1><main><video src='/storm.mp4'></video><p>{STORY[0]}</p></main>",
        "mostly_video",
    ),
    "pictures by metadata": (
        LD.format('{"@type":"ImageGallery","name":"Storm"}') + f"<h1>Storm</h1><main>{PARAGRAPHS}</main>",
        "mostly_pictures",
    ),
    "pictures by number": (f"<h1>Storm</h1><main>{PICTURES}<p>{STORY[0]}</p></main>", "mostly_pictures"),
    "pictures that tell the story": (
        "<h1>Storm</h1><main>"
        + "".join(
            f"<figure><img src='/{n}.jpg'><figcaption>Boat {n} after the storm.</figcaption></figure>" for n in "abc"
        )
        + "</main>",
        "mostly_pictures",
    ),
    "a teaser before a wall": (
        f"<h1>Storm</h1><main><p>{STORY[0]}</p><p>Subscribe to continue reading this story.</p></main>",
        "paywall",
    ),
    "a teaser before a box that is called a wall": (
        f"<h1>Storm</h1><main><p>{STORY[0]}</p><div class='paywall-gate'>One dollar a week</div></main>",
        "paywall",
    ),
    "a teaser before a French wall": (
        f"<h1>Storm</h1><main><p>{STORY[0]}</p><div>Cet article est réservé aux abonnés.</div></main>",
        "paywall",
    ),
}


def forms(article: Article) -> set[str]:
    return set(article.flags) & {
        "live_blog",
        "mostly_audio",
        "mostly_video",
        "mostly_pictures",
        "paywall",
        "consent_wall",
    }


@pytest.mark.parametrize(("body", "flag"), FORMS.values(), ids=FORMS.keys())
def test_an_article_of_another_form_is_flagged(body: str, flag: str) -> None:
    assert forms(read(f"<html><body>{body}</body></html>")) == {flag}


PLAIN = {
    "a story that can be listened to": f"<h1>Storm</h1><main><audio src='/storm.mp3'></audio>{PARAGRAPHS}</main>",
    "a story with a recording in its metadata": (
        LD.format(
            '{"@type":"NewsArticle","headline":"Storm","audio":{"@type":"AudioObject","contentUrl":"/storm.mp3"}}'
        )
        + f"<h1>Storm</h1><main>{PARAGRAPHS}</main>"
    ),
    "a story with a film": f"<h1>Storm</h1><main><video src='/storm.mp4'></video>{PARAGRAPHS}</main>",
    "a story with pictures": f"<h1>Storm</h1><main>{PICTURES}{PARAGRAPHS}</main>",
    "a story with times": f"<h1>Storm over the bay</h1><main>{POSTS}</main>",
    "a story called live": f"<h1>Singer goes on, en vivo</h1><main>{PARAGRAPHS}</main>",
}


@pytest.mark.parametrize("body", PLAIN.values(), ids=PLAIN.keys())
def test_a_plain_article_is_not_flagged(body: str) -> None:
    assert forms(read(f"<html><body>{body}</body></html>")) == set()


LISTS = {
    "a section": f"<h1>Harbour</h1><main>{CARDS}</main>",
    "a front page": f"<meta property='og:type' content='website'><main>{CARDS}</main>",
    "a search": LD.format('{"@type":"SearchResultsPage"}') + f"<h1>Harbour</h1><main>{CARDS}</main>",
}


@pytest.mark.parametrize("body", LISTS.values(), ids=LISTS.keys())
def test_a_list_of_articles_is_no_article(body: str) -> None:
    with pytest.raises(NotAnArticle, match="lists other stories"):
        read(f"<html><head><title>Harbour</title></head><body>{body}</body></html>")


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Storm</h1><main>{PARAGRAPHS}{CARDS}</main>",
        LD.format('{"@type":"NewsArticle","headline":"The week"}') + f"<h1>The week</h1><main>{CARDS}</main>",
    ],
    ids=["a story above other stories", "a story that sums up others"],
)
def test_an_article_that_leads_to_others_is_read(body: str) -> None:
    assert STORY[0] in read(f"<html><body>{body}</body></html>").body


def test_a_short_page_whose_feed_encloses_a_recording_is_an_episode() -> None:
    notes = f'<p>{STORY[0]}</p><audio src="https://gazette.example/storm.mp3"></audio>'
    short, long = (f"<html><body><h1>Storm</h1><main>{body}</main></body></html>" for body in (STORY[0], PARAGRAPHS))

    assert forms(read(short, entry=an_entry(content_html=notes))) == {"mostly_audio"}
    assert forms(read(long, entry=an_entry(content_html=notes))) == set()


def test_notes_of_any_usual_length_are_an_episodes_where_its_address_says_so() -> None:
    html = f"<html><body><h1>Storm</h1><main><audio src='/storm.mp3'></audio>{PARAGRAPHS}</main></body></html>"

    assert forms(read(html, url="https://gazette.example/podcasts/storm")) == {"mostly_audio"}
