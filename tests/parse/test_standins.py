"""Pages that answer in a story's place are refused by their reason; stories of another form are flagged."""

import pytest

from ingest.errors import AccessBlocked, ConsentAsked, ErrorPage, MissingPage, NotAnArticle, SignInAsked
from ingest.model import Article

from .test_page import PARAGRAPHS, STORY, read

HEAD = "<html><head><title>{}</title></head><body>"
COOKIES = "We and our partners store and read cookies on your device, to measure how this site is used and by whom."

REFUSED = {
    "an error in English": (
        "<h1>Page Not Found</h1><p>What you asked for has moved, or never was here at all.</p>",
        MissingPage,
    ),
    "an error in Spanish": (
        "<h1>Página no encontrada</h1><p>Vuelva a la portada para seguir con la lectura de hoy.</p>",
        MissingPage,
    ),
    "an error by number": (
        "<h1>Error 404</h1><p>Nothing is kept under this address, so try the front page.</p>",
        MissingPage,
    ),
    "an error that passes": (
        "<h1>Service unavailable</h1><p>We are at work on this site, so come back in an hour or so.</p>",
        ErrorPage,
    ),
    "an error by another number": ("<h1>502</h1><p>The nginx before this site did not get an answer.</p>", ErrorPage),
    "a robot check": (
        "<h1>Just a moment...</h1><p>The site needs to review the security of your connection first.</p>",
        AccessBlocked,
    ),
    "a door": (
        "<h1>Access Denied</h1><p>You don't have permission to see this, says the server of the site.</p>",
        AccessBlocked,
    ),
    "a robot check without a title": ("<div>Verify you are human</div>", AccessBlocked),
    "consent by title": (f"<h1>We value your privacy</h1><div>{COOKIES[24:]}</div>", ConsentAsked),
    "consent by lines alone": (f"<div class='wall'><p>{COOKIES}</p><button>Accept</button></div>", ConsentAsked),
    "consent in German": (
        "<h1>Wir benötigen Ihre Zustimmung</h1><p>Dann zeigen wir Ihnen gern, was heute geschah.</p>",
        ConsentAsked,
    ),
    "a long consent box": (
        f"<h1>Gazette</h1><div id='cmp-consent'><p>{COOKIES}</p>"
        + "".join(
            f"<p>Purpose {n}: somebody may learn what you read, when you read it, and where.</p>" for n in range(12)
        )
        + "</div>",
        ConsentAsked,
    ),
    "a sign-in form": (
        "<h1>Sign in</h1><form><p>Enter the address that you gave us when you joined us.</p></form>",
        SignInAsked,
    ),
    "a sign-in form in Portuguese": (
        "<h1>Faça login</h1><form><p>Diga o endereço com que se inscreveu no jornal.</p></form>",
        SignInAsked,
    ),
}


@pytest.mark.parametrize(("body", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_what_answers_in_a_storys_place_is_refused_by_its_reason(body: str, error: type[NotAnArticle]) -> None:
    with pytest.raises(NotAnArticle) as caught:
        read(HEAD.format("") + body)

    assert type(caught.value) is error


@pytest.mark.parametrize(
    "title",
    [
        "Page not found: how a library lost its books",
        "Access denied to the harbour for nine days",
        "Just a moment of calm",
        "We value your privacy, says the minister",
        "Login data of 4,000 readers sold",
    ],
)
def test_a_short_story_that_is_about_such_a_page_is_read(title: str) -> None:
    article = read(f"{HEAD.format(title)}<h1>{title}</h1><article><p>{STORY[0]}</p></article>")

    assert (article.title, article.body) == (title, STORY[0])


def test_a_story_about_consent_is_read() -> None:
    quoted = "“We use cookies,” most sites say, and hardly anybody reads what comes after that in the box."
    article = read(f"<h1>What a banner says</h1><article><p>{STORY[0]}</p><p>{quoted}</p>{PARAGRAPHS}</article>")

    assert quoted in article.body


POSTS = "".join(
    f"<div class='post'><time datetime='2026-11-16T1{n}:00:00Z'>1{n}:00</time><p>{STORY[n]}</p></div>" for n in range(4)
)
PICTURES = "".join(f"<figure><img src='/{n}.jpg'></figure>" for n in range(8))
LD = "<script type='application/ld+json'>{}</script>"
FORMS = {
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
    "a teaser before a wall": (
        f"<h1>Storm</h1><main><p>{STORY[0]}</p><p>Subscribe to continue reading this story.</p></main>",
        "paywall",
    ),
    "a teaser before a French wall": (
        f"<h1>Storm</h1><main><p>{STORY[0]}</p><div>Cet article est réservé aux abonnés.</div></main>",
        "paywall",
    ),
}


def forms(article: Article) -> set[str]:
    return set(article.flags) & {"live_blog", "mostly_video", "mostly_pictures", "paywall", "consent_wall"}


@pytest.mark.parametrize(("body", "flag"), FORMS.values(), ids=FORMS.keys())
def test_a_story_of_another_form_is_flagged(body: str, flag: str) -> None:
    assert forms(read(f"<html><body>{body}</body></html>")) == {flag}


PLAIN = {
    "a story with a film": f"<h1>Storm</h1><main><video src='/storm.mp4'></video>{PARAGRAPHS}</main>",
    "a story with pictures": f"<h1>Storm</h1><main>{PICTURES}{PARAGRAPHS}</main>",
    "a story with times": f"<h1>Storm over the bay</h1><main>{POSTS}</main>",
    "a story called live": f"<h1>Singer goes on, en vivo</h1><main>{PARAGRAPHS}</main>",
}


@pytest.mark.parametrize("body", PLAIN.values(), ids=PLAIN.keys())
def test_a_plain_story_is_not_flagged(body: str) -> None:
    assert forms(read(f"<html><body>{body}</body></html>")) == set()
